// The rows of a tail: events become rows, redraws and parts change the row
// they belong to, the oldest go when there are too many. No document here: a
// view takes the changes once a frame.

import { describe } from './describe.js';
import { calendar } from './format.js';
import { plain } from './plain.js';

/** @typedef {import('../stream/cursor.js').HubEvent} HubEvent */
/** @typedef {{tone: import('./describe.js').Tone, mark: string, text: string, time?: string, topic?: string}} Row */
/**
 * What a view has to do, in this order. `evict` rows leave its top; `dropped`
 * counts all that are not shown any more or never were.
 * @typedef {{evict: number, dropped: number, added: Row[], changed: Row[]}} Changes
 */

const JOIN = 16_384; // characters up to which the parts of a line stand in one row

export class Rows {
  /** @type {Row[]} */ #waiting = [];
  /** @type {WeakSet<Row>} */ #shown = new WeakSet();
  /** @type {Set<Row>} */ #changed = new Set();
  /** @type {Map<string, {row: Row, redraw: boolean}>} what a later event may still change */ #open = new Map();
  #inView = 0;
  #skipped = 0;
  #day = new Date().toDateString();

  /** @param {number} limit rows that may stand in the view, and wait for it */
  constructor(limit) {
    this.limit = limit;
  }

  /** How many rows are not yet in the view. */
  get waiting() {
    return this.#waiting.length;
  }

  /** Whether take() has something to give. */
  get stale() {
    return this.#waiting.length > 0 || this.#changed.size > 0;
  }

  /** @param {HubEvent} event */
  push(event) {
    const { tone, mark, text } = describe(event);
    /** @type {Row} */ const row = { tone, mark, text: plain(text), time: event.time, topic: event.topic };
    const data = event.data ?? {};
    const key = `${event.topic} ${data.stream ?? data.id ?? ''}`;
    const redraw = event.type === 'progress';
    if (!redraw && event.type !== 'line') this.#settle(event.topic);

    const open = this.#open.get(key);
    this.#open.delete(key);
    let last = row;
    if (open?.redraw) last = this.#change(open.row, row);
    else if (open && data.part > 1 && open.row.text.length + row.text.length <= JOIN) {
      last = this.#change(open.row, { text: open.row.text + row.text });
    } else {
      if (data.part > 1) row.mark = 'more';
      this.#newDay(event.time);
      this.note(row);
    }
    if (redraw || (data.part && !data.last)) this.#open.set(key, { row: last, redraw });
  }

  /**
   * Adds a row of the page's own, which rewrite() may change later.
   * @param {Row} row
   */
  note(row) {
    this.#waiting.push(row);
    if (this.#waiting.length > this.limit) {
      this.#waiting.shift();
      this.#skipped++;
    }
    return row;
  }

  /** @param {Row} row @param {Partial<Row>} by */
  rewrite(row, by) {
    this.#change(row, by);
  }

  /**
   * @param {number} most rows to add at once, so that a frame stays short
   * @returns {Changes}
   */
  take(most) {
    const changed = [...this.#changed].filter((row) => this.#shown.has(row));
    this.#changed.clear();
    const added = this.#waiting.splice(0, most);
    for (const row of added) this.#shown.add(row);
    // Where rows were skipped, those in view are older still: a view never has a hole.
    const evict = this.#skipped ? this.#inView : Math.max(0, this.#inView + added.length - this.limit);
    const dropped = evict + this.#skipped;
    this.#inView += added.length - evict;
    this.#skipped = 0;
    return { evict, dropped, added, changed };
  }

  /** @param {Row} row @param {Partial<Row>} by */
  #change(row, by) {
    this.#changed.add(Object.assign(row, by));
    return row;
  }

  /** After any other event of a topic its redrawn lines stay as they are. @param {string} [topic] */
  #settle(topic) {
    for (const key of this.#open.keys()) if (key.startsWith(`${topic} `)) this.#open.delete(key);
  }

  /** @param {string} [time] */
  #newDay(time) {
    const day = new Date(time ?? NaN).toDateString();
    if (day === this.#day || day === 'Invalid Date') return;
    this.#day = day;
    this.note({ tone: 'note', mark: '', text: calendar(time) });
  }
}
