// What of a log is shown and found: keeps selection and search at what the
// address asks for, and leads to hits and to the lines a link points at.

import { filter } from './filter.js';
import { Search } from './search.js';
import { Selection } from './selection.js';

/** @typedef {import('./address.js').Ask} Ask */
/** @typedef {import('./hub-log.js').HubLog} HubLog */
/** @typedef {import('./store.js').LogStore} LogStore */

const PATIENCE = 60; // frames for which lines that keep coming are waited for

export class Finder {
  #log;
  #store;
  /** @type {{n: number, topic: string} | undefined} a line still to come */ #wanted;
  #length = 0; // of the store when it was last looked at
  #patience = 0;
  /** @type {1 | -1 | 0} which hit was asked for before there was one */ #eager = 0;

  /** @param {HubLog} log @param {LogStore} store */
  constructor(log, store) {
    this.#log = log;
    this.#store = store;
    this.selection = new Selection(store);
    this.search = new Search(this.selection);
  }

  /** Shows and finds what is asked for. @param {Ask} ask */
  ask({ q, regex, match, level, stream, topics }) {
    const wanted = q ? { text: q, regex } : null;
    this.#log.current = -1;
    this.#eager = 0;
    this.search.set(wanted);
    this.#log.search = wanted && !this.search.error ? this.search : null;
    const text = match && !this.search.error ? wanted : null; // what cannot be looked for takes no row away
    this.selection.set(filter({ ...text, level, streams: stream ? [stream] : [], topics }));
  }

  /** Whether rows may be left out. */
  get filtered() {
    return this.selection.filter !== null;
  }

  /** @returns {import('./searchbar.js').Found} */
  get found() {
    const { current } = this.#log;
    const { count, done, error } = this.search;
    return { count, done, error, at: current < 0 ? undefined : this.search.rank(current) + 1 };
  }

  /** To the next hit, or the one before; round at the ends. @param {1 | -1} direction */
  step(direction) {
    const { search, selection } = this;
    const { current } = this.#log;
    const [start, go] = direction > 0
      ? [-1, (/** @type {number} */ i) => search.next(i)]
      : [selection.length, (/** @type {number} */ i) => search.previous(i)];
    const found = go(current < 0 ? start : current);
    const next = found < 0 ? go(start) : found;
    this.#eager = next < 0 && !search.done ? direction : 0;
    if (next < 0) return;
    this.#log.current = next;
    this.#log.jump(next, { center: true });
  }

  /** Leads to a line by its number, now or when it has come. @param {number} n @param {string} topic */
  point(n, topic) {
    this.#wanted = { n, topic };
    this.#patience = PATIENCE;
  }

  /**
   * To be called at each frame in which something has come.
   * @returns {boolean} whether to call it at the next one, too
   */
  arrive() {
    if (this.#eager && (this.search.count || this.search.done)) this.step(this.#eager);
    if (!this.#wanted) return false;
    const at = this.#store.indexOf(this.#wanted);
    if (at < 0) return false;
    // What a topic holds already comes at once: it is no news, so it comes first.
    const comes = this.#store.length !== this.#length;
    this.#length = this.#store.length;
    if (this.selection.progress < 1 || comes && this.#patience-- > 0) return true;
    this.#wanted = undefined;
    this.#log.jump(this.selection.positionOf(at), { center: true });
    return false;
  }

  /** Works no more. */
  close() {
    this.search.close();
    this.selection.close();
  }
}
