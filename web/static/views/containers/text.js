// A file's text in a field of a page, which knows one kind of line end only. No
// document here.

/** @typedef {{shown: string, ends: '\n' | '\r\n' | 'mixed'}} Opened */

export const LARGEST = 1 << 20; // bytes of a text that is shown

/** @param {string} text @returns {Opened} */
export function opened(text) {
  const shown = text.replaceAll('\r\n', '\n');
  if (shown === text && !text.includes('\r')) return { shown, ends: '\n' };
  const uniform = !shown.includes('\r') && text.length - shown.length === shown.split('\n').length - 1;
  return { shown, ends: uniform ? '\r\n' : 'mixed' };
}

/** The text as it goes back into the file. @param {string} shown @param {Opened['ends']} ends */
export const closed = (shown, ends) => (ends === '\r\n' ? shown.replaceAll('\n', '\r\n') : shown);

/** Whether it is no text that a person reads. @param {string | null} text */
export const binary = (text) => text === null || text.includes('\0');

/** Whether it holds characters that make text read other than it is. @param {string} text */
export const disguised = (text) => /[\u202a-\u202e\u2066-\u2069]/.test(text);
