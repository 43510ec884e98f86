// Text as a program wrote it for a terminal, made fit to be shown: nothing in
// it acts, nothing hides, nothing shows as junk.

/* eslint-disable no-control-regex */
/** Escape sequences, whole or cut off, with all they carry. */
export const SEQUENCES = new RegExp([
  '(?:\\x1b\\[|\\x9b)[0-?]*[ -/]*[@-~]?', // CSI: colours, cursor
  '(?:\\x1b[\\]PX^_]|[\\x9d\\x90\\x98\\x9e\\x9f])[^\\x07\\x1b\\x9c]*(?:\\x07|\\x9c|\\x1b\\\\)?', // OSC, DCS, SOS, PM, APC with all they carry
  '\\x1b[ -/]*[0-~]?', // the short ones
].join('|'), 'g');
const OVERSTRUCK = /[^\x08\n]\x08/g;
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f]/g;
const REORDERING = /[\x80-\x9f\u202a-\u202e\u2066-\u2069]/g;
const SPECIAL = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;

/** Whether there is anything in a text that plain() would change. @param {string} text */
export const special = (text) => SPECIAL.test(text);

/**
 * Takes every escape sequence out and applies backspaces; what control
 * characters are left become their pictures. Linear in the text's length.
 * @param {string} text
 */
export function plain(text) {
  if (!SPECIAL.test(text)) return text;
  return pictures(text.replace(SEQUENCES, '').replace(OVERSTRUCK, ''));
}

/**
 * Control characters become their pictures (NUL is ␀), and those that reorder
 * the text around them their numbers.
 * @param {string} text
 */
export function pictures(text) {
  if (!SPECIAL.test(text)) return text;
  return text
    .replace(CONTROLS, (c) => (c === '\x7f' ? '␡' : String.fromCharCode(0x2400 + c.charCodeAt(0))))
    .replace(REORDERING, (c) => `‹${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}›`);
}
