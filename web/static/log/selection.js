// The rows of a store that are shown: all of them, or those that pass a filter.

import { Changing } from './changes.js';
import { Scan } from './scan.js';

/** @typedef {import('./store.js').LogStore} LogStore */

export class Selection extends Changing {
  #store;
  #scan;
  #end;
  /** @type {import('./filter.js').Filter | null} */ #filter = null;

  /** @param {LogStore} store @param {{later?: import('./scan.js').Later}} [options] later: puts off a slice of work */
  constructor(store, { later } = {}) {
    super();
    this.#store = store;
    this.#end = store.watch((change) => {
      if (!this.#filter) this.tell(change);
    });
    this.#scan = new Scan(store, (change) => this.tell(change ?? { first: this.length, removed: 0, added: 0 }), later);
  }

  /** A filter over many rows works in slices: the rows come as they are found. @param {import('./filter.js').Filter | null} filter */
  set(filter) {
    const before = this.length;
    this.#filter = filter;
    this.#scan.start(filter && ((i) => filter.test(this.#store.row(i))));
    this.tell({ first: 0, removed: before, added: this.length });
  }

  get filter() {
    return this.#filter;
  }

  get length() {
    return this.#filter ? this.#scan.places.length : this.#store.length;
  }

  /** How much of the store the filter has seen, 0 to 1. */
  get progress() {
    return this.#scan.progress;
  }

  /** @param {number} i */
  row(i) {
    return this.#store.row(this.at(i));
  }

  /** @param {number} i */
  text(i) {
    return this.#store.text(this.at(i));
  }

  /** Where a shown row is in the store. @param {number} i */
  at(i) {
    return this.#filter ? this.#scan.places.at(i) : i;
  }

  /** Where a row of the store is shown, or the next one that is. @param {number} index */
  positionOf(index) {
    return this.#filter ? this.#scan.places.rank(index) : index;
  }

  /** Hears of the store no longer. */
  close() {
    this.#end();
    this.#scan.close();
  }
}
