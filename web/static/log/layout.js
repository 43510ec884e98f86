// Where each row of a long log stands: heights by row, as sums over chunks, so
// that a million rows are found, measured and moved within microseconds.
// Only chunks that hold a row of another height than usual keep heights at all.

/** @typedef {{rows: number, heights: number[] | undefined, sum: number}} Chunk `sum` counts only with heights */

const FULL = 512; // rows at which the last chunk is closed
const SPLIT = 1024; // rows at which one that grew by insertions becomes two

export class Layout {
  /** @type {Chunk[]} */ #chunks = [];
  #length = 0;
  #usual = 20;
  /** @type {(i: number) => number} */ #estimate = () => this.#usual;

  get length() {
    return this.#length;
  }

  /** Height of all rows. */
  get total() {
    let sum = 0;
    for (const chunk of this.#chunks) sum += this.#size(chunk);
    return sum;
  }

  /**
   * Forgets all heights.
   * @param {number} usual height of a row nobody has looked at
   * @param {(i: number) => number} [estimate] of a row near ones that are shown
   */
  reset(usual, estimate = () => usual) {
    this.#usual = usual;
    this.#estimate = estimate;
    for (const chunk of this.#chunks) chunk.heights = undefined;
  }

  /**
   * Changes what is thought of rows that nobody has looked at; what was
   * measured stays.
   * @param {number} usual @param {(i: number) => number} estimate
   */
  usually(usual, estimate) {
    this.#usual = usual;
    this.#estimate = estimate;
  }

  /** Rows [first, first + removed) have become [first, first + added). @param {number} first @param {number} removed @param {number} added */
  change(first, removed, added) {
    const kept = Math.min(removed, added);
    if (first === this.#length) return this.#append(added);
    this.#remove(first + kept, removed - kept);
    this.#insert(first + kept, added - kept);
  }

  /** @param {number} i @param {number} height */
  set(i, height) {
    const [at, start] = this.#find(i);
    const chunk = this.#chunks[at];
    if (!chunk.heights) {
      if (height === this.#usual) return;
      chunk.heights = Array.from({ length: chunk.rows }, (_, k) => this.#estimate(start + k));
      chunk.sum = chunk.heights.reduce((sum, one) => sum + one, 0);
    }
    chunk.sum += height - chunk.heights[i - start];
    chunk.heights[i - start] = height;
  }

  /** @param {number} i */
  height(i) {
    const [at, start] = this.#find(i);
    return this.#chunks[at]?.heights?.[i - start] ?? this.#usual;
  }

  /** How far below the beginning row i begins. @param {number} i */
  top(i) {
    let sum = 0;
    for (const chunk of this.#chunks) {
      if (i >= chunk.rows) {
        sum += this.#size(chunk);
        i -= chunk.rows;
        continue;
      }
      if (!chunk.heights) return sum + i * this.#usual;
      for (let k = 0; k < i; k++) sum += chunk.heights[k];
      return sum;
    }
    return sum;
  }

  /** The row that stands so far below the beginning; the first or last beyond them. @param {number} px */
  at(px) {
    if (px <= 0) return 0;
    let start = 0;
    for (const chunk of this.#chunks) {
      const size = this.#size(chunk);
      if (px >= size) {
        px -= size;
        start += chunk.rows;
        continue;
      }
      if (!chunk.heights) return start + Math.floor(px / this.#usual);
      let k = 0;
      while (k < chunk.rows - 1 && px >= chunk.heights[k]) px -= chunk.heights[k++];
      return start + k;
    }
    return Math.max(0, this.#length - 1);
  }

  /** @param {Chunk} chunk */
  #size = (chunk) => (chunk.heights ? chunk.sum : chunk.rows * this.#usual);

  /** @param {number} i @returns {[number, number]} place of its chunk and the chunk's first row */
  #find(i) {
    let at = 0;
    let start = 0;
    while (at < this.#chunks.length - 1 && i >= start + this.#chunks[at].rows) start += this.#chunks[at++].rows;
    return [at, start];
  }

  /** @param {number} n */
  #append(n) {
    this.#length += n;
    while (n > 0) {
      let chunk = this.#chunks[this.#chunks.length - 1];
      if (!chunk || chunk.rows >= FULL) this.#chunks.push(chunk = { rows: 0, heights: undefined, sum: 0 });
      const part = Math.min(n, FULL - chunk.rows);
      this.#grow(chunk, chunk.rows, part);
      n -= part;
    }
  }

  /** @param {number} i @param {number} n */
  #insert(i, n) {
    if (n <= 0) return;
    if (i === this.#length) return this.#append(n);
    this.#length += n;
    const [at, start] = this.#find(i);
    const chunk = this.#chunks[at];
    this.#grow(chunk, i - start, n);
    if (chunk.rows > SPLIT) this.#chunks.splice(at, 1, ...pieces(chunk));
  }

  /** @param {number} i @param {number} n */
  #remove(i, n) {
    if (n <= 0) return;
    this.#length -= n;
    let [at, start] = this.#find(i);
    const first = at;
    for (let from = i - start; n > 0; from = 0) {
      const chunk = this.#chunks[at++];
      const part = Math.min(n, chunk.rows - from);
      chunk.rows -= part;
      if (chunk.heights) for (const height of chunk.heights.splice(from, part)) chunk.sum -= height;
      n -= part;
    }
    const left = this.#chunks.slice(first, at).filter(({ rows }) => rows > 0);
    this.#chunks.splice(first, at - first, ...left);
  }

  /** @param {Chunk} chunk @param {number} from @param {number} n */
  #grow(chunk, from, n) {
    chunk.rows += n;
    if (!chunk.heights) return;
    const more = new Array(n).fill(this.#usual);
    chunk.heights = from === chunk.heights.length ? chunk.heights.concat(more) : chunk.heights.slice(0, from).concat(more, chunk.heights.slice(from));
    chunk.sum += n * this.#usual;
  }
}

/** @param {Chunk} chunk @returns {Chunk[]} the same rows in chunks of half the size at which one is split */
function pieces({ rows, heights }) {
  const all = [];
  for (let from = 0; from < rows; from += FULL) {
    const part = heights?.slice(from, from + FULL);
    all.push({ rows: Math.min(FULL, rows - from), heights: part, sum: part?.reduce((sum, one) => sum + one, 0) ?? 0 });
  }
  return all;
}
