// A column of whole numbers that does not change any more, in as few bytes as
// they go: none where each is the one before plus the same step.

/** @typedef {Uint8Array | Uint16Array | Uint32Array | Float64Array} Numbers */

export class Column {
  /** @type {Numbers | undefined} */ #numbers;
  #base;
  #step = 0;
  #none = NaN; // what stands for NaN

  /** @param {number[]} values some may be NaN */
  constructor(values) {
    this.#base = values[0] ?? 0;
    this.#step = values.length > 1 ? values[1] - values[0] : 0;
    if (values.every((value, i) => value === this.#base + i * this.#step)) return;
    let [least, most] = [Infinity, -Infinity];
    for (const value of values) {
      if (value < least) least = value;
      if (value > most) most = value;
    }
    this.#base = least;
    const span = most - least;
    if (!Number.isSafeInteger(span) || span >= 0xffff_ffff) { // or all are NaN
      this.#base = 0;
      this.#numbers = Float64Array.from(values);
      return;
    }
    const Numbers = span < 0xff ? Uint8Array : span < 0xffff ? Uint16Array : Uint32Array;
    this.#none = 256 ** Numbers.BYTES_PER_ELEMENT - 1;
    this.#numbers = new Numbers(values.length);
    for (let i = 0; i < values.length; i++) this.#numbers[i] = Number.isNaN(values[i]) ? this.#none : values[i] - least;
  }

  /** @param {number} i */
  at(i) {
    if (!this.#numbers) return this.#base + i * this.#step;
    const number = this.#numbers[i];
    return number === this.#none ? NaN : this.#base + number;
  }

  get bytes() {
    return this.#numbers?.byteLength ?? 0;
  }
}
