// Looks for a pattern in all rows that are shown, and goes from hit to hit.

import { visible } from './ansi.js';
import { pattern } from './pattern.js';
import { Scan } from './scan.js';

/** @typedef {import('./selection.js').Selection} Selection */

export class Search {
  #selection;
  #scan;
  /** @type {import('./pattern.js').Pattern | null} */ #pattern = null;

  /** Something was found, or is no longer there, or all has been looked at. */
  onchange = () => {};

  /** @param {Selection} selection @param {{later?: import('./scan.js').Later}} [options] later: puts off a slice of work */
  constructor(selection, { later } = {}) {
    this.#selection = selection;
    this.#scan = new Scan(selection, () => this.onchange(), later);
  }

  /** @param {import('./pattern.js').Wanted | null} wanted */
  set(wanted) {
    const asked = this.#pattern = wanted?.text ? pattern(wanted) : null;
    this.#scan.start(asked && !asked.error ? (i) => asked.test(visible(this.#selection.text(i))) : null);
    this.onchange();
  }

  /** Why the pattern cannot be looked for, if so. */
  get error() {
    return this.#pattern?.error;
  }

  /** How many rows have a hit, as far as they have been looked at. */
  get count() {
    return this.#scan.places.length;
  }

  get done() {
    return this.#scan.done;
  }

  /** The first row after this one that has a hit, or -1. @param {number} i */
  next(i) {
    const rank = this.#scan.places.rank(i + 1);
    return rank < this.count ? this.#scan.places.at(rank) : -1;
  }

  /** The last row before this one that has a hit, or -1. @param {number} i */
  previous(i) {
    const rank = this.#scan.places.rank(i);
    return rank ? this.#scan.places.at(rank - 1) : -1;
  }

  /** How many rows with a hit stand before this one: "3 of 1,204" is rank 2. @param {number} i */
  rank(i) {
    return this.#scan.places.rank(i);
  }

  /** Where in a row's visible text. @param {number} i @returns {[number, number][]} */
  hits(i) {
    return this.#pattern?.hits(visible(this.#selection.text(i))) ?? [];
  }

  /** Hears of the rows no longer. */
  close() {
    this.#scan.close();
  }
}
