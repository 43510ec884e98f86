// What of a log is shown and found: keeps selection and search at what the
// address asks for, and leads to hits and to the lines a link points at.

import { filter } from './filter.js';
import { Search } from './search.js';
import { Selection } from './selection.js';

/** @typedef {import('./address.js').Ask} Ask */
/** @typedef {import('./hub-log.js').HubLog} HubLog */
/** @typedef {import('./store.js').LogStore} LogStore */

export class Finder {
  #log;
  #store;
  #at = -1; // the row of the current hit, -1: none
  #error = '';
  /** @type {{from: number, to: number, topic: string} | undefined} lines still to come */ #wanted;

  /** @param {HubLog} log @param {LogStore} store */
  constructor(log, store) {
    this.#log = log;
    this.#store = store;
    this.selection = new Selection(store);
    this.search = new Search(this.selection);
  }

  /** Shows and finds what is asked for. @param {Ask} ask */
  ask({ q, regex, match, level, stream, topics }) {
    const pattern = q ? { text: q, regex } : {};
    const marked = q ? filter(pattern) : null;
    const shown = filter({ ...(match && !marked?.error ? pattern : {}), level, streams: stream ? [stream] : [], topics });
    this.#error = marked?.error ?? '';
    this.#at = -1;
    this.selection.set(shown);
    this.search.set(marked?.error ? null : marked);
    this.#log.search = marked ? this.search : null;
    this.#log.current = -1;
  }

  /** Whether rows are left out. */
  get filtered() {
    return this.selection.length < this.#store.length;
  }

  /** @returns {import('./searchbar.js').Found} */
  get found() {
    return { count: this.search.count, at: 0, done: this.search.done, error: this.#error };
  }

  /** To the next hit, or the one before; round at the ends. @param {1 | -1} direction */
  step(direction) {
    const { search, selection } = this;
    const from = this.#at >= 0 ? this.#at : direction > 0 ? -1 : selection.length;
    const found = direction > 0 ? search.next(from) : search.previous(from);
    const next = found >= 0 ? found : direction > 0 ? search.next(-1) : search.previous(selection.length);
    if (next < 0) return;
    this.#at = next;
    this.#log.current = next;
    this.#log.jump(next, { center: true });
  }

  /** Leads to lines by their numbers, now or when they have come. @param {[number, number] | undefined} range @param {string} topic */
  point(range, topic) {
    this.#log.range = range;
    this.#wanted = range && { from: range[0], to: range[1], topic };
    this.arrive();
  }

  /** To be called when something has come. */
  arrive() {
    if (!this.#wanted) return;
    const { from, topic } = this.#wanted;
    const at = this.#store.indexOf({ n: from, topic });
    if (at < 0) return;
    this.#wanted = undefined;
    this.#log.jump(this.selection.positionOf(at), { center: true });
  }
}
