// Many strings as two: those whose characters all fit a byte, which an engine
// keeps in one byte each, joined to one, and the others joined to another. Half
// the memory of strings of their own, and a slice of them costs no copy.

import { Column } from './column.js';

const WIDE = /[^\x00-\xff]/; // eslint-disable-line no-control-regex

export class Texts {
  #narrow;
  #wide = '';
  #narrowEnds;
  /** @type {Column | undefined} */ #wideEnds;

  /** @param {string[]} strings */
  constructor(strings) {
    /** @type {string[]} */ const wide = [];
    const narrow = strings.map((string, i) => {
      if (!WIDE.test(string)) return string;
      wide[i] = string;
      return '';
    });
    this.#narrow = narrow.join('');
    this.#narrowEnds = ends(narrow);
    if (!wide.length) return;
    const all = strings.map((_, i) => wide[i] ?? '');
    this.#wide = all.join('');
    this.#wideEnds = ends(all);
  }

  /** @param {number} i */
  at(i) {
    const from = i ? this.#narrowEnds.at(i - 1) : 0;
    const text = this.#narrow.slice(from, this.#narrowEnds.at(i));
    if (text || !this.#wideEnds) return text;
    return this.#wide.slice(i ? this.#wideEnds.at(i - 1) : 0, this.#wideEnds.at(i));
  }

  get bytes() {
    return this.#narrow.length + 2 * this.#wide.length + this.#narrowEnds.bytes + (this.#wideEnds?.bytes ?? 0);
  }
}

/** @param {string[]} strings */
function ends(strings) {
  let end = 0;
  return new Column(strings.map((string) => (end += string.length)));
}
