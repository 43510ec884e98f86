// A long list of rows in chunks: the last ones used are open, the others
// packed. A row far back is found, put in or changed without touching more than
// its chunk.

import { Chunk, Names } from './chunk.js';

/** @typedef {import('./chunk.js').Row} Row */

const ROWS = 512; // rows of a chunk that is full
const SIZE = 1 << 18; // characters that make it full too
export class Chunks {
  /** @type {import('./chunk.js').Shared} */ #shared = { topics: new Names(), kinds: new Names() };
  #chunks = [new Chunk(this.#shared)];
  /** @type {number[]} each chunk's first index */ #starts = [0];
  #counted = 1; // chunks for which #starts is right
  /** @type {Set<Chunk>} the longest unused first */ #open = new Set();
  #last = 0; // the chunk that was looked at last
  #keep;
  length = 0;

  /** @param {number} keep how many chunks stay open beside the last */
  constructor(keep) {
    this.#keep = keep;
  }

  /** Key of the last row. */
  get until() {
    return this.#chunks[this.#chunks.length - 1].until;
  }

  get bytes() {
    return this.#chunks.reduce((sum, chunk) => sum + chunk.bytes, 0);
  }

  /** @param {number} i @returns {Row} */
  row(i) {
    const at = this.#chunkOf(i);
    return this.#chunks[at].row(i - this.#starts[at]);
  }

  /** @param {number} i */
  text(i) {
    const at = this.#chunkOf(i);
    return this.#chunks[at].text(i - this.#starts[at]);
  }

  /** @param {number} i */
  n(i) {
    const at = this.#chunkOf(i);
    return this.#chunks[at].n(i - this.#starts[at]);
  }

  /** @param {Row} row */
  append(row) {
    let chunk = this.#chunks[this.#chunks.length - 1];
    if (chunk.length >= ROWS || chunk.size >= SIZE) {
      this.#keepOpen(chunk);
      this.#chunks.push(chunk = new Chunk(this.#shared));
    }
    chunk.append(row);
    return this.length++;
  }

  /** Puts a row where its key belongs, after those with the same. @param {Row} row */
  insert(row) {
    const at = this.#search((chunk) => this.#chunks[chunk].until > row.key);
    if (at === this.#chunks.length) return this.append(row);
    const chunk = this.#chunks[at];
    const place = chunk.place(row.key);
    chunk.insert(place, row);
    this.length++;
    const index = this.#start(at) + place;
    this.#counted = at + 1;
    if (chunk.length > 1 && (chunk.length >= 2 * ROWS || chunk.size >= 4 * SIZE)) this.#split(at);
    this.#keepOpen(chunk);
    return index;
  }

  /** @param {number} i @param {Row} row takes the place of the one there */
  replace(i, row) {
    const at = this.#chunkOf(i);
    this.#chunks[at].replace(i - this.#starts[at], row);
    this.#keepOpen(this.#chunks[at]);
  }

  /** The index of a row by its id and key, -1 where there is none. @param {number} id @param {number} key */
  find(id, key) {
    for (let at = this.#search((chunk) => this.#chunks[chunk].until >= key); at < this.#chunks.length; at++) {
      const chunk = this.#chunks[at];
      for (let i = chunk.length - 1; i >= 0; i--) if (chunk.id(i) === id) return this.#start(at) + i;
      if (chunk.until > key) break;
    }
    return -1;
  }

  /** @param {number} at a chunk that has grown too much */
  #split(at) {
    const rest = this.#chunks[at].split();
    this.#chunks.splice(at + 1, 0, rest);
    this.#keepOpen(rest);
  }

  /** @param {Chunk} chunk that was changed */
  #keepOpen(chunk) {
    this.#open.delete(chunk);
    this.#open.add(chunk);
    if (this.#open.size <= this.#keep) return;
    const [oldest] = this.#open;
    this.#open.delete(oldest);
    if (oldest !== this.#chunks[this.#chunks.length - 1]) oldest.pack();
  }

  /** @param {number} i */
  #chunkOf(i) {
    const from = this.#start(this.#last);
    if (!(i >= from && i < from + this.#chunks[this.#last].length)) {
      this.#start(this.#chunks.length - 1);
      this.#last = this.#search((chunk) => this.#starts[chunk] > i) - 1;
    }
    return this.#last;
  }

  /** A chunk's first index. @param {number} chunk */
  #start(chunk) {
    for (; this.#counted <= chunk; this.#counted++) {
      this.#starts[this.#counted] = this.#starts[this.#counted - 1] + this.#chunks[this.#counted - 1].length;
    }
    return this.#starts[chunk];
  }

  /** The first chunk that passes, where all after it pass too. @param {(chunk: number) => boolean} passes */
  #search(passes) {
    let [low, high] = [0, this.#chunks.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (passes(middle)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
