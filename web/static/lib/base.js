// Where the hub is: the page's own script came from its /assets/.

const script = globalThis.document?.querySelector('script[type=module]');

/** The address of the page's files, with a last slash. */
export const assets = new URL('.', script ? /** @type {HTMLScriptElement} */ (script).src : import.meta.url).href;

/** The hub's address, with a last slash. */
export const base = new URL('..', assets).href;
