// Some hundred rows in their order. Open, they are objects and may change;
// packed, they are texts and columns of numbers and take little more than what
// they say.

import { Column } from './column.js';
import { LEVELS } from './levels.js';
import { Texts } from './texts.js';

/**
 * A row of a log. It never changes: another takes its place.
 * @typedef {object} Row
 * @property {string} text as it was written, with its escape sequences
 * @property {import('../lib/describe.js').Tone} tone
 * @property {string} mark its kind in a few letters, "" for a plain line
 * @property {number} time milliseconds, NaN where it is not known
 * @property {number} n number of the event in its topic that began the row, 0 for none
 * @property {string} topic
 * @property {Stream} stream
 * @property {import('./levels.js').Level} level
 * @property {number} id its own for as long as the log is open
 * @property {number} key where it stands in time order, 0 in a log of one topic
 */

/** @typedef {'' | 'stdout' | 'stderr'} Stream */

/** @type {Stream[]} */
const STREAMS = ['', 'stdout', 'stderr'];
const OPEN_ROW = 150; // bytes of a row's object beside its text, about
const PACKED = 900; // bytes of a packed chunk beside what it holds, about

/** Words that come again and again, kept once. @template T */
export class Names {
  /** @type {T[]} */ #names = [];
  /** @type {Map<string, number>} */ #numbers = new Map();

  /** @param {string} key @param {T} name */
  number(key, name) {
    let number = this.#numbers.get(key);
    if (number === undefined) this.#numbers.set(key, number = this.#names.push(name) - 1);
    return number;
  }

  /** @param {number} number */
  at(number) {
    return this.#names[number];
  }
}

/** What the chunks of a log share. @typedef {{topics: Names<string>, kinds: Names<{tone: Row['tone'], mark: string}>}} Shared */

export class Chunk {
  /** @type {Row[] | undefined} */ #rows = [];
  /** @type {ReturnType<typeof pack> | undefined} */ #packed;
  #shared;
  length = 0;
  /** characters of all its texts */ size = 0;
  /** key of the last row */ until = 0;

  /** @param {Shared} shared @param {Row[]} [rows] */
  constructor(shared, rows = []) {
    this.#shared = shared;
    this.#rows = rows;
    this.#measure();
  }

  get bytes() {
    if (this.#rows) return this.size + OPEN_ROW * this.length;
    const { text, ...columns } = /** @type {ReturnType<typeof pack>} */ (this.#packed);
    return PACKED + Object.values(columns).reduce((sum, column) => sum + column.bytes, text.bytes);
  }

  /** @param {number} i @returns {Row} */
  row(i) {
    if (this.#rows) return this.#rows[i];
    const { text, kind, look, time, n, topic, id, key } = /** @type {ReturnType<typeof pack>} */ (this.#packed);
    const { tone, mark } = this.#shared.kinds.at(kind.at(i));
    const looks = look.at(i);
    return {
      text: text.at(i), tone, mark, time: time.at(i), n: n.at(i), topic: this.#shared.topics.at(topic.at(i)),
      stream: STREAMS[looks % STREAMS.length], level: LEVELS[Math.floor(looks / STREAMS.length)], id: id.at(i), key: key.at(i),
    };
  }

  /** @param {number} i */
  text(i) {
    return this.#rows ? this.#rows[i].text : /** @type {ReturnType<typeof pack>} */ (this.#packed).text.at(i);
  }

  /** @param {number} i */
  n(i) {
    return this.#rows ? this.#rows[i].n : /** @type {ReturnType<typeof pack>} */ (this.#packed).n.at(i);
  }

  /** @param {number} i */
  id(i) {
    return this.#rows ? this.#rows[i].id : /** @type {ReturnType<typeof pack>} */ (this.#packed).id.at(i);
  }

  /** @param {Row} row */
  append(row) {
    this.#opened().push(row);
    this.length++;
    this.size += row.text.length;
    this.until = row.key;
  }

  /** Puts a row before another. @param {number} i @param {Row} row */
  insert(i, row) {
    this.#opened().splice(i, 0, row);
    this.length++;
    this.size += row.text.length;
  }

  /** @param {number} i @param {Row} row takes the place of the one there */
  replace(i, row) {
    const rows = this.#opened();
    this.size += row.text.length - rows[i].text.length;
    rows[i] = row;
  }

  /** How many rows belong before one with this key, that comes after those with the same. @param {number} key */
  place(key) {
    const rows = this.#opened();
    let i = rows.length;
    while (i > 0 && rows[i - 1].key > key) i--;
    return i;
  }

  /** Gives its second half away. */
  split() {
    const rest = this.#opened().splice(this.length >> 1);
    this.#measure();
    return new Chunk(this.#shared, rest);
  }

  pack() {
    if (!this.#rows) return;
    this.#packed = pack(this.#rows, this.#shared);
    this.#rows = undefined;
  }

  #opened() {
    if (this.#rows) return this.#rows;
    const rows = Array.from({ length: this.length }, (_, i) => this.row(i));
    this.#packed = undefined;
    return this.#rows = rows;
  }

  #measure() {
    const rows = this.#opened();
    this.length = rows.length;
    this.size = rows.reduce((sum, { text }) => sum + text.length, 0);
    this.until = rows.length ? rows[rows.length - 1].key : 0;
  }
}

/** @param {Row[]} rows @param {Shared} shared */
function pack(rows, { topics, kinds }) {
  const column = (/** @type {(row: Row) => number} */ of) => new Column(rows.map(of));
  return {
    text: new Texts(rows.map(({ text }) => text)),
    kind: column(({ tone, mark }) => kinds.number(`${tone} ${mark}`, { tone, mark })),
    look: column(({ stream, level }) => LEVELS.indexOf(level) * STREAMS.length + STREAMS.indexOf(stream)),
    time: column(({ time }) => time),
    n: column(({ n }) => n),
    topic: column(({ topic }) => topics.number(topic, topic)),
    id: column(({ id }) => id),
    key: column(({ key }) => key),
  };
}
