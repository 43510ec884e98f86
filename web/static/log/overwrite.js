// One line of a terminal: what is written goes where the cursor stands, over
// what stood there. As long as that is the end, nothing is taken apart.

/** @typedef {import('./ansi.js').Span} Span */

const HOLE = ''; // in a column where nothing stands

export class Line {
  /** @type {Span[]} */ #runs = [];
  /** @type {string[] | undefined} a character for each column, once one may be overwritten */ #characters;
  /** @type {Span[]} for each column the span it was written in */ #from = [];
  #at = -1; // the cursor's column, -1: the end of the runs

  /** @param {Span} span */
  write(span) {
    if (this.#at >= 0) return this.#overwrite(span);
    const last = this.#runs[this.#runs.length - 1];
    if (last && last.style === span.style && last.href === span.href) last.text += span.text;
    else this.#runs.push({ ...span });
  }

  /** To the first column. */
  home() {
    this.#at = 0;
  }

  /** One column back. */
  back() {
    this.#at = Math.max(0, (this.#at < 0 ? this.#columns().length : this.#at) - 1);
  }

  /** @param {number} what 0: from the cursor on, 1: up to it, 2: the line */
  erase(what) {
    if (what === 0 && this.#at < 0) return;
    const characters = this.#columns();
    if (this.#at < 0) this.#at = characters.length;
    if (what === 0) characters.length = Math.min(this.#at, characters.length);
    else if (what === 2 || this.#at + 1 >= characters.length) characters.length = 0;
    else characters.fill(HOLE, 0, this.#at + 1);
  }

  /** @returns {Span[]} */
  spans() {
    if (!this.#characters) return this.#runs;
    const line = new Line();
    for (const [i, text] of this.#characters.entries()) {
      if (text === HOLE) line.write({ text: ' ' });
      else line.write({ ...this.#from[i], text });
    }
    return line.spans();
  }

  /** @param {Span} span */
  #overwrite(span) {
    const characters = this.#columns();
    while (characters.length < this.#at) characters.push(HOLE);
    for (const character of span.text) {
      characters[this.#at] = character;
      this.#from[this.#at++] = span;
    }
  }

  #columns() {
    if (this.#characters) return this.#characters;
    this.#characters = [];
    for (const run of this.#runs) {
      for (const character of run.text) this.#from[this.#characters.push(character) - 1] = run;
    }
    return this.#characters;
  }
}
