// A word of the desktop when what is watched has ended, for a reader who looks
// elsewhere. Permission is asked only when the reader wants it.

/** Whether this browser can at all. */
export const possible = () => 'Notification' in globalThis && globalThis.isSecureContext;

/** Whether the reader has let the page. */
export const allowed = () => possible() && Notification.permission === 'granted';

/** Asks the reader. To be called on a click. @returns {Promise<boolean>} */
export const ask = async () => possible() && (await Notification.requestPermission()) === 'granted';

/**
 * Tells, unless the page is being looked at.
 * @param {string} title
 * @param {string} body
 * @param {string} tag one for each thing told of, so that two tabs do not tell it twice
 */
export function tell(title, body, tag) {
  if (!allowed() || (!document.hidden && document.hasFocus())) return;
  const notification = new Notification(title, { body, tag });
  notification.onclick = () => {
    globalThis.focus();
    notification.close();
  };
}
