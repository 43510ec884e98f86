// The row that tells of a lost connection, and afterwards for how long it was
// lost. One row for each time, however often it was tried.

import { duration } from '../lib/format.js';

/** @typedef {import('../client.js').State} State */
/** @typedef {{tone: 'note' | 'warn' | 'bad', mark: string, text: string, time?: number}} Note */
/** @typedef {{length: number, note(note: Note): number, rewrite(id: number, part: Partial<Note>): void}} Log */

export class Interruption {
  /** @type {{row: number, since: number} | undefined} */ #lost;
  #log;
  #now;

  /** @param {Log} log @param {() => number} [now] ms */
  constructor(log, now = Date.now) {
    this.#log = log;
    this.#now = now;
  }

  /** @param {State} state */
  follow({ name, reason }) {
    if (name === 'reconnecting' && !this.#lost && this.#log.length) {
      const since = this.#now();
      const row = this.#log.note({ tone: 'warn', mark: 'hub', time: since, text: `connection lost (${reason}), reconnecting …` });
      this.#lost = { row, since };
    } else if (this.#lost && (name === 'live' || name === 'ended')) {
      const text = `connection lost for ${duration(this.#now() - this.#lost.since)}, then reconnected`;
      this.#log.rewrite(this.#lost.row, { tone: 'note', text });
      this.#lost = undefined;
    }
  }
}
