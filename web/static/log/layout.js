// Where each row of a long log stands: heights by row, in chunks with sums, so
// that a million rows are found, measured and moved within microseconds.
// Only chunks that hold a row of another height than usual keep heights at all.

/** @typedef {{rows: number, heights: number[] | undefined, sum: number}} Chunk `sum` counts only with heights */

const FULL = 512; // rows at which the last chunk is closed
const SPLIT = 1024; // rows at which one that grew by insertions is cut in pieces

export class Layout {
  /** @type {Chunk[]} */ #chunks = [];
  #length = 0;
  #total = 0;
  #usual = 20;
  /** @type {(i: number) => number} */ #estimate = () => this.#usual;
  /** The chunk asked for last, its first row and the height above it: the next question is near. */
  #at = { chunk: 0, row: 0, top: 0 };

  get length() {
    return this.#length;
  }

  /** Height of all rows. */
  get total() {
    return this.#total;
  }

  /**
   * Forgets all heights.
   * @param {number} usual height of a row nobody has looked at
   */
  reset(usual) {
    for (const chunk of this.#chunks) chunk.heights = undefined;
    this.usually(usual, () => usual);
  }

  /**
   * Changes what is thought of rows that nobody has looked at; what was
   * measured stays.
   * @param {number} usual @param {(i: number) => number} estimate of a row near ones that are shown
   */
  usually(usual, estimate) {
    this.#usual = usual;
    this.#estimate = estimate;
    this.#at = { chunk: 0, row: 0, top: 0 };
    this.#total = this.#chunks.reduce((sum, chunk) => sum + this.#size(chunk), 0);
  }

  /** Rows [first, first + removed) have become [first, first + added). @param {number} first @param {number} removed @param {number} added */
  change(first, removed, added) {
    const kept = Math.min(removed, added);
    if (removed > kept) this.#remove(first + kept, removed - kept);
    if (added > kept) this.#insert(first + kept, added - kept);
  }

  /** @param {number} i @param {number} height */
  set(i, height) {
    const chunk = this.#chunkOf(i);
    const { row } = this.#at;
    if (!chunk.heights) {
      if (height === this.#usual) return;
      const before = this.#size(chunk);
      chunk.heights = Array.from({ length: chunk.rows }, (_, k) => this.#estimate(row + k));
      chunk.sum = sum(chunk.heights);
      this.#total += chunk.sum - before;
    }
    const more = height - chunk.heights[i - row];
    chunk.sum += more;
    this.#total += more;
    chunk.heights[i - row] = height;
  }

  /** @param {number} i */
  height(i) {
    return this.#chunkOf(i)?.heights?.[i - this.#at.row] ?? this.#usual;
  }

  /** How far below the beginning row i begins; for one that is not there, where the last one ends. @param {number} i */
  top(i) {
    const chunk = this.#chunkOf(i);
    const within = Math.min(i - this.#at.row, chunk?.rows ?? 0);
    return this.#at.top + (chunk?.heights ? sum(chunk.heights, within) : within * this.#usual);
  }

  /** The row that stands so far below the beginning; the first or last beyond them. @param {number} px */
  at(px) {
    if (px <= 0 || !this.#length) return 0;
    if (px >= this.#total) return this.#length - 1;
    const at = this.#at;
    while (px < at.top) this.#back();
    while (at.chunk < this.#chunks.length - 1 && px >= at.top + this.#size(this.#chunks[at.chunk])) this.#on();
    const { heights, rows } = this.#chunks[at.chunk];
    let left = px - at.top;
    if (!heights) return at.row + Math.min(rows - 1, Math.floor(left / this.#usual));
    let k = 0;
    while (k < rows - 1 && left >= heights[k]) left -= heights[k++];
    return at.row + k;
  }

  /** @param {number} i @returns {Chunk} which #at is at then */
  #chunkOf(i) {
    const at = this.#at;
    while (i < at.row) this.#back();
    while (at.chunk < this.#chunks.length - 1 && i >= at.row + this.#chunks[at.chunk].rows) this.#on();
    return this.#chunks[at.chunk];
  }

  #on() {
    const chunk = this.#chunks[this.#at.chunk++];
    this.#at.row += chunk.rows;
    this.#at.top += this.#size(chunk);
  }

  #back() {
    const chunk = this.#chunks[--this.#at.chunk];
    this.#at.row -= chunk.rows;
    this.#at.top -= this.#size(chunk);
  }

  /** @param {Chunk} chunk */
  #size(chunk) {
    return chunk.heights ? chunk.sum : chunk.rows * this.#usual;
  }

  /** @param {number} i @param {number} n */
  #insert(i, n) {
    const last = i === this.#length;
    this.#length += n;
    this.#total += n * this.#usual;
    if (last) return this.#append(n);
    const chunk = this.#chunkOf(i);
    this.#grow(chunk, i - this.#at.row, n);
    if (chunk.rows > SPLIT) this.#chunks.splice(this.#at.chunk, 1, ...pieces(chunk));
  }

  /** @param {number} n */
  #append(n) {
    while (n > 0) {
      let chunk = this.#chunks[this.#chunks.length - 1];
      if (!chunk || chunk.rows >= FULL) this.#chunks.push(chunk = { rows: 0, heights: undefined, sum: 0 });
      const part = Math.min(n, FULL - chunk.rows);
      this.#grow(chunk, chunk.rows, part);
      n -= part;
    }
  }

  /** @param {number} i @param {number} n */
  #remove(i, n) {
    this.#chunkOf(i);
    this.#length -= n;
    const first = this.#at.chunk;
    let next = first;
    for (let from = i - this.#at.row; n > 0; from = 0) {
      const chunk = this.#chunks[next++];
      const part = Math.min(n, chunk.rows - from);
      const gone = chunk.heights ? sum(chunk.heights.splice(from, part)) : part * this.#usual;
      chunk.rows -= part;
      chunk.sum -= gone;
      this.#total -= gone;
      n -= part;
    }
    const left = this.#chunks.slice(first, next).filter(({ rows }) => rows > 0);
    this.#chunks.splice(first, next - first, ...left);
    if (first >= this.#chunks.length && first > 0) this.#back();
  }

  /** @param {Chunk} chunk @param {number} from @param {number} n */
  #grow(chunk, from, n) {
    chunk.rows += n;
    if (!chunk.heights) return;
    if (n === 1) chunk.heights.splice(from, 0, this.#usual);
    else chunk.heights = chunk.heights.slice(0, from).concat(new Array(n).fill(this.#usual), chunk.heights.slice(from));
    chunk.sum += n * this.#usual;
  }
}

/** @param {number[]} heights @param {number} [first] only so many */
function sum(heights, first = heights.length) {
  let all = 0;
  for (let k = 0; k < first; k++) all += heights[k];
  return all;
}

/** @param {Chunk} chunk @returns {Chunk[]} the same rows in chunks as they are appended */
function pieces({ rows, heights }) {
  const all = [];
  for (let from = 0; from < rows; from += FULL) {
    const part = heights?.slice(from, from + FULL);
    all.push({ rows: Math.min(FULL, rows - from), heights: part, sum: part ? sum(part) : 0 });
  }
  return all;
}
