// What of a log is selected and copied: its lines as they were written, one a
// line, without numbers and times, those that are not drawn among them.

import { visible } from './ansi.js';

/** @typedef {import('./drawn.js').Drawn} Drawn */
/** @typedef {import('./selection.js').Selection} Selection */
/** @typedef {{i: number, offset: number}} Place of a text: row and character */

const [ROWS, CHARACTERS] = [200_000, 32_000_000]; // copied at once at most

export class Clipping {
  #lines;
  #drawn;
  #all = false;

  /** @param {Element} lines @param {Drawn} drawn */
  constructor(lines, drawn) {
    this.#lines = lines;
    this.#drawn = drawn;
  }

  /** Whether text of the log is selected. */
  get holds() {
    const selected = document.getSelection();
    this.#all &&= selected?.anchorNode === this.#lines; // even of none, when all that were drawn have made room for others
    return this.#all || Boolean(selected && !selected.isCollapsed && this.#lines.contains(selected.anchorNode));
  }

  /** Selects all rows, the ones not drawn too. */
  all() {
    this.#all = true;
    document.getSelection()?.selectAllChildren(this.#lines);
  }

  /** Other rows are drawn now; if all are selected, they are. */
  drawn() {
    if (this.holds && this.#all) document.getSelection()?.selectAllChildren(this.#lines);
  }

  /**
   * The text of what is selected, and how many rows it has of those selected.
   * @param {Selection} rows
   * @returns {{text: string, rows: number, of: number} | undefined} undefined: it is within one row, or not of the log
   */
  text(rows) {
    if (!this.holds) return undefined;
    if (this.#all) return lines(rows, { i: 0, offset: 0 }, { i: rows.length - 1, offset: Infinity });
    const range = /** @type {globalThis.Selection} */ (document.getSelection()).getRangeAt(0);
    const from = this.#place(range.startContainer, range.startOffset);
    const to = this.#place(range.endContainer, range.endOffset);
    return from && to && from.i < to.i ? lines(rows, from, to) : undefined;
  }

  /** @param {Node} node @param {number} offset @returns {Place | undefined} */
  #place(node, offset) {
    const view = this.#drawn.viewOf(node) ?? this.#drawn.viewOf(node.childNodes[offset] ?? node.lastChild);
    if (!view || !this.#lines.contains(node)) return undefined;
    const within = document.createRange();
    within.selectNodeContents(view.text);
    const side = within.comparePoint(node, offset);
    if (side) return { i: view.index, offset: side < 0 ? 0 : Infinity };
    within.setEnd(node, offset);
    return { i: view.index, offset: within.toString().length };
  }
}

/** @param {Selection} rows @param {Place} from @param {Place} to */
function lines(rows, from, to) {
  const all = [];
  let size = 0;
  const last = Math.min(to.i, from.i + ROWS - 1);
  for (let i = from.i; i <= last && size < CHARACTERS; i++) {
    const text = visible(rows.row(i).text).slice(i === from.i ? from.offset : 0, i === to.i ? to.offset : undefined);
    size += text.length + 1;
    all.push(text);
  }
  return { text: all.join('\n'), rows: all.length, of: to.i - from.i + 1 };
}
