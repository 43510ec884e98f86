// What the reader has chosen, kept by the browser and the same in all tabs.

const PREFIX = 'hub.';

/** What holds until the reader chooses. */
const DEFAULTS = { theme: 'auto', letters: true, timestamps: 'off', wrap: false, notify: false };

/** @type {Map<string, Set<(value: any) => void>>} */
const listeners = new Map();

/** @param {string} name @returns {any} */
export function get(name) {
  try {
    const text = localStorage.getItem(PREFIX + name);
    if (text !== null) return JSON.parse(text);
  } catch {
    // Storage may be forbidden, or hold what another program wrote.
  }
  return chosen.get(name) ?? /** @type {Record<string, any>} */ (DEFAULTS)[name];
}

/** @type {Map<string, any>} for a browser that keeps nothing */
const chosen = new Map();

/** @param {string} name @param {any} value */
export function set(name, value) {
  chosen.set(name, value);
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // It holds for this page, then.
  }
  tell(name);
}

/**
 * @param {string} name
 * @param {(value: any) => void} listener called at once, and at each change, also one of another tab
 * @returns {() => void} ends it
 */
export function onchange(name, listener) {
  const all = listeners.get(name) ?? new Set();
  listeners.set(name, all.add(listener));
  listener(get(name));
  return () => all.delete(listener);
}

/** @param {string} name */
function tell(name) {
  for (const listener of listeners.get(name) ?? []) listener(get(name));
}

globalThis.addEventListener?.('storage', ({ key }) => {
  if (key?.startsWith(PREFIX)) tell(key.slice(PREFIX.length));
});
