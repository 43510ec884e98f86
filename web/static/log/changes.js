// A list that says what has changed in it.

/**
 * Rows [first, first+removed) became [first, first+added). An append has first
 * at the old length and nothing removed.
 * @typedef {{first: number, removed: number, added: number}} Change
 */

export class Changing {
  /** @type {Set<(change: Change) => void>} */ #watchers = new Set();

  /** For the one who shows the list; called after all who watch it. @type {(change: Change) => void} */
  onchange = () => {};

  /** @param {(change: Change) => void} fn @returns {() => void} ends it */
  watch(fn) {
    this.#watchers.add(fn);
    return () => this.#watchers.delete(fn);
  }

  /** @protected @param {Change} change */
  tell(change) {
    for (const fn of this.#watchers) fn(change);
    this.onchange(change);
  }
}
