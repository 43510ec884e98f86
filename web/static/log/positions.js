// Which places of a long list are chosen, in their order, while the list grows,
// shrinks and changes anywhere. In blocks, so that what happens far in front
// moves a block's base and not each place.

const BLOCK = 1_024; // places of a block that is full

/** @typedef {{base: number, items: number[]}} Block places are base + item */

export class Positions {
  /** @type {Block[]} none is empty */ #blocks = [];
  /** @type {number[]} how many places lie before each block */ #before = [];
  #counted = 0; // blocks for which #before is right
  length = 0;

  clear() {
    this.#blocks = [];
    this.#counted = 0;
    this.length = 0;
  }

  /** The place of a rank, from 0. @param {number} rank */
  at(rank) {
    this.#count();
    const block = search(this.#blocks.length, (i) => this.#before[i] > rank) - 1;
    const { base, items } = this.#blocks[block];
    return base + items[rank - this.#before[block]];
  }

  /** How many chosen places lie before this one. @param {number} place */
  rank(place) {
    const { block, item } = this.#find(place);
    if (block === this.#blocks.length) return this.length;
    this.#count();
    return this.#before[block] + item;
  }

  /** Chooses a place that was not. @param {number} place */
  insert(place) {
    let { block, item } = this.#find(place);
    this.length++;
    if (block === this.#blocks.length) {
      const last = this.#blocks[block - 1];
      if (last && last.items.length < BLOCK) last.items.push(place - last.base);
      else this.#blocks.push({ base: place, items: [0] });
      return;
    }
    const { base, items } = this.#blocks[block];
    items.splice(item, 0, place - base);
    this.#changed(block);
    if (items.length >= 2 * BLOCK) this.#blocks.splice(block + 1, 0, { base, items: items.splice(BLOCK) });
  }

  /**
   * The list's places [first, first+removed) became [first, first+added): those
   * chosen among them are not any more, those behind move.
   * @param {number} first
   * @param {number} removed
   * @param {number} added
   * @returns {number} how many are no longer chosen
   */
  splice(first, removed, added) {
    const { block, item } = this.#find(first);
    if (block === this.#blocks.length) return 0;
    const move = added - removed;
    let gone = 0;
    let at = block;
    for (let from = item; at < this.#blocks.length; at++, from = 0) {
      const { base, items } = this.#blocks[at];
      let to = from;
      while (to < items.length && base + items[to] < first + removed) to++;
      gone += to - from;
      const rest = to < items.length;
      if (move) for (let i = to; i < items.length; i++) items[i] += move;
      if (to > from) items.splice(from, to - from);
      if (rest) break;
    }
    if (move) for (let i = at + 1; i < this.#blocks.length; i++) this.#blocks[i].base += move;
    if (gone) {
      this.length -= gone;
      this.#blocks = this.#blocks.filter(({ items }) => items.length);
      this.#changed(Math.max(0, block - 1));
    }
    return gone;
  }

  /** The first chosen place that is not before this one. @param {number} place */
  #find(place) {
    const block = search(this.#blocks.length, (i) => last(this.#blocks[i]) >= place);
    if (block === this.#blocks.length) return { block, item: 0 };
    const { base, items } = this.#blocks[block];
    return { block, item: search(items.length, (i) => base + items[i] >= place) };
  }

  /** @param {number} block whose count may be another now */
  #changed(block) {
    this.#counted = Math.min(this.#counted, block + 1);
  }

  #count() {
    for (let i = this.#counted; i < this.#blocks.length; i++) {
      this.#before[i] = i ? this.#before[i - 1] + this.#blocks[i - 1].items.length : 0;
    }
    this.#counted = this.#blocks.length;
  }
}

/** @param {Block} block */
const last = ({ base, items }) => base + items[items.length - 1];

/** The first of n that passes, where all after it pass too. @param {number} n @param {(i: number) => boolean} passes */
function search(n, passes) {
  let [low, high] = [0, n];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (passes(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
