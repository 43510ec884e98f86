// The rows of a log: events become rows, redraws and parts change the row they
// belong to, several topics are merged in time order. No document here: a view
// hears of each change and paints once a frame.

import { describe } from '../lib/describe.js';
import { Changing } from './changes.js';
import { Chunks } from './chunks.js';
import { levelOf } from './levels.js';
import { Timeline } from './timeline.js';

/** @typedef {import('../stream/cursor.js').HubEvent} HubEvent */
/** @typedef {import('./chunk.js').Row} Row */
/** @typedef {import('./changes.js').Change} Change */
/** @typedef {{tone: Row['tone'], mark: string, text: string, time?: number}} Note a row of the page's own */
/** @typedef {{id: number, key: number}} Place enough to find a row again */

const OPEN = 32; // chunks that late rows may go to by turns, one topic's here, another's there
const JOIN = 1 << 20; // characters up to which the parts of a line stand in one row

export class LogStore extends Changing {
  #chunks;
  /** @type {Map<string, Place & {redraw: boolean}>} rows that a later event may still change */ #open = new Map();
  /** @type {Map<number, Place>} */ #notes = new Map();
  /** @type {Map<string, {first: number, newest: number}>} numbers that have come of each topic; 0 first after a gap at the start */ #numbers = new Map();
  /** @type {Timeline | undefined} */ #timeline;
  #ids = 0;

  /** @param {{merge?: boolean}} [options] merge: rows stand in time order, late ones are put in */
  constructor({ merge = false } = {}) {
    super();
    this.#chunks = new Chunks(merge ? OPEN : 1);
    if (merge) this.#timeline = new Timeline();
  }

  get length() {
    return this.#chunks.length;
  }

  /** What the rows take in memory, about. */
  get bytes() {
    return this.#chunks.bytes;
  }

  /** @param {number} i @returns {Row} */
  row(i) {
    return this.#chunks.row(i);
  }

  /** @param {number} i */
  text(i) {
    return this.#chunks.text(i);
  }

  /** @param {HubEvent} event */
  push(event) {
    const { tone, mark, text } = describe(event);
    const data = event.data ?? {};
    const topic = event.topic ?? data.topic ?? '';
    const redraw = event.type === 'progress';
    const line = redraw || event.type === 'line';
    const time = Date.parse(event.time ?? '');
    const stream = line && (data.stream === 'stdout' || data.stream === 'stderr') ? data.stream : '';
    const level = line && typeof data.line === 'string' ? levelOf(text) : '';
    const n = event.n ?? 0;
    this.#count(topic, n, event.type === 'gap');
    if (!line) this.#settle(topic, event.type === 'end');

    // Most lines have nothing to do with what is open.
    const loose = !redraw && !data.part;
    if (loose && !this.#open.size) return void this.#add(topic, time, line, { text, tone, mark, n, stream, level });
    const name = openName(topic, event.type, data);
    const open = this.#open.get(name);
    this.#open.delete(name);
    /** @type {Place | undefined} */ let place;
    if (open?.redraw) place = this.#change(open, { text, tone, mark, time, stream, level });
    else if (open && data.part > 1) place = this.#join(open, text);
    place ??= this.#add(topic, time, line, { text, tone, mark: data.part > 1 ? 'more' : mark, n, stream, level });
    if (redraw || (data.part && !data.last)) this.#open.set(name, { ...place, redraw });
  }

  /**
   * Adds a row of the page's own.
   * @param {Note} note
   * @returns {number} its id, for rewrite()
   */
  note({ tone, mark, text, time = NaN }) {
    const place = this.#append({ text, tone, mark, time, n: 0, topic: '', stream: '', level: '', id: this.#ids++, key: this.#chunks.until });
    this.#notes.set(place.id, place);
    return place.id;
  }

  /** @param {number} id what note() gave @param {Partial<Note>} part */
  rewrite(id, part) {
    const place = this.#notes.get(id);
    if (place) this.#change(place, part);
  }

  /**
   * The row that an event is in, or the gap that it is lost in; -1 where it has
   * not come.
   * @param {{n: number, topic?: string}} event no topic: any
   */
  indexOf({ n, topic }) {
    const asked = topic === undefined ? [...this.#numbers.values()] : [this.#numbers.get(topic)];
    if (!asked.some((numbers) => numbers && numbers.first <= n && n <= numbers.newest)) return -1;
    let gap = -1;
    for (let i = this.length - 1; i >= 0; i--) {
      const here = this.#chunks.n(i);
      if (here > n) continue;
      const row = this.row(i);
      if (topic !== undefined && row.topic !== topic) continue;
      if (here) return here < n && gap >= 0 ? gap : i;
      if (row.mark === 'gap') gap = i;
    }
    return gap;
  }

  /** @param {string} topic @param {number} n @param {boolean} gap */
  #count(topic, n, gap) {
    const numbers = this.#numbers.get(topic);
    if (!numbers) this.#numbers.set(topic, { first: n, newest: n });
    else if (n) {
      numbers.newest = n;
      if (n < numbers.first) numbers.first = n; // they begin anew when the hub does
    } else if (gap) numbers.first = 0;
  }

  /**
   * @param {string} topic
   * @param {number} time
   * @param {boolean} line
   * @param {Pick<Row, 'text' | 'tone' | 'mark' | 'n' | 'stream' | 'level'>} said
   */
  #add(topic, time, line, { text, tone, mark, n, stream, level }) {
    const key = this.#timeline ? this.#timeline.key(topic, time, line) : 0;
    /** @type {Row} */ const row = { text, tone, mark, time, n, topic, stream, level, id: this.#ids++, key };
    if (key >= this.#chunks.until) return this.#append(row);
    this.tell({ first: this.#chunks.insert(row), removed: 0, added: 1 });
    return row;
  }

  /** @param {Row} row */
  #append(row) {
    this.tell({ first: this.#chunks.append(row), removed: 0, added: 1 });
    return row;
  }

  /** @param {Place} place @param {Partial<Row>} part @returns {Place} */
  #change(place, part) {
    const i = this.#timeline ? this.#chunks.find(place.id, place.key) : place.id; // never reordered, the id is the index
    this.#chunks.replace(i, { ...this.row(i), ...part });
    this.tell({ first: i, removed: 1, added: 1 });
    return place;
  }

  /** @param {Place} place of a line's earlier parts @param {string} text the next one */
  #join(place, text) {
    const i = this.#timeline ? this.#chunks.find(place.id, place.key) : place.id;
    const joined = this.text(i) + text;
    return joined.length <= JOIN ? this.#change(place, { text: joined }) : undefined;
  }

  /** After any other event of a topic its redrawn lines stay as they are. @param {string} topic @param {boolean} end */
  #settle(topic, end) {
    for (const name of this.#open.keys()) {
      if (name.startsWith(`${topic} `) && (end || !name.endsWith(WHOLE))) this.#open.delete(name);
    }
  }
}

const WHOLE = ' %'; // ends the name of a whole task's progress, which is one row until the task's end

/** What an event has in common with the later ones that change its row. @param {string} topic @param {string} type @param {any} data */
function openName(topic, type, data) {
  if (type === 'progress' && typeof data.percent === 'number') return topic + WHOLE;
  return `${topic} ${data.stream ?? data.id ?? ''}`;
}
