// Finds which entries of a long list pass a test, a slice at a time, so that the
// page stays awake, and keeps it right while the list goes on changing.

import { Positions } from './positions.js';

/** @typedef {import('./changes.js').Change} Change */
/** @typedef {{readonly length: number, watch(fn: (change: Change) => void): () => void}} List */
/** @typedef {(slice: () => void) => void} Later puts off a slice of work */

const SLICE = 8; // ms of work at a time
const FEW = 64; // changed entries that are tested on the spot
const PACE = 8; // entries between two looks at the clock

export class Scan {
  /** @type {[number, number][]} what is yet to be tested, from and to, in order */ #pending = [];
  /** @type {((place: number) => boolean) | null} */ #test = null;
  #scheduled = false;
  #list;
  #told;
  #later;
  #end;
  places = new Positions();

  /**
   * @param {List} list
   * @param {(change: Change | null) => void} told what changed among those that pass, null: only progress was made
   * @param {Later} [later]
   */
  constructor(list, told, later = (slice) => void setTimeout(slice)) {
    this.#list = list;
    this.#told = told;
    this.#later = later;
    this.#end = list.watch((change) => this.#changed(change));
  }

  /** Whether all has been tested. */
  get done() {
    return this.#pending.length === 0;
  }

  /** How much has, 0 to 1. */
  get progress() {
    const left = this.#pending.reduce((sum, [from, to]) => sum + to - from, 0);
    return left ? 1 - left / this.#list.length : 1;
  }

  /** Begins anew, and tells nothing of it. @param {((place: number) => boolean) | null} test null: nothing is looked for */
  start(test) {
    this.#test = test;
    this.places.clear();
    this.#pending = test && this.#list.length ? [[0, this.#list.length]] : [];
    this.#go();
  }

  close() {
    this.#end();
    this.#test = null;
    this.#pending = [];
  }

  /** @param {Change} change */
  #changed({ first, removed, added }) {
    if (!this.#test) return;
    const rank = this.places.rank(first);
    const gone = this.places.splice(first, removed, added);
    this.#shift(first, removed, added);
    let found = 0;
    if (added <= FEW) found = this.#take(first, first + added);
    else this.#await(first, first + added);
    const moved = added !== removed && rank < this.places.length;
    if (gone || found || moved) this.#told({ first: rank, removed: gone, added: found });
    this.#go();
  }

  /** @param {number} from @param {number} to */
  #take(from, to) {
    const test = /** @type {(place: number) => boolean} */ (this.#test);
    let found = 0;
    for (let place = from; place < to; place++) {
      if (!test(place)) continue;
      this.places.insert(place);
      found++;
    }
    return found;
  }

  /** What is pending moves with the list; what changed is no longer pending. @param {number} first @param {number} removed @param {number} added */
  #shift(first, removed, added) {
    if (this.#pending.length === 0) return;
    const move = added - removed;
    this.#pending = this.#pending.flatMap(([from, to]) => /** @type {[number, number][]} */ ([
      [from, Math.min(to, first)],
      [Math.max(from, first + removed) + move, to + move],
    ]).filter(([a, b]) => a < b));
  }

  /** @param {number} from @param {number} to */
  #await(from, to) {
    this.#pending.push([from, to]);
    this.#pending.sort(([a], [b]) => a - b);
  }

  #go() {
    if (this.#scheduled || this.done) return;
    this.#scheduled = true;
    this.#later(() => {
      this.#scheduled = false;
      this.#slice();
      this.#go();
    });
  }

  #slice() {
    const until = performance.now() + SLICE;
    while (this.#pending.length) {
      const [from, to] = this.#pending[0];
      const rank = this.places.rank(from);
      let [at, added] = [from, 0];
      do added += this.#take(at, at = Math.min(at + PACE, to));
      while (at < to && performance.now() < until);
      if (at < to) this.#pending[0] = [at, to];
      else this.#pending.shift();
      this.#told(added ? { first: rank, removed: 0, added } : null);
      if (performance.now() >= until) return;
    }
  }
}
