// One line of a terminal: what is written goes where the cursor stands, over
// what stood there. As long as that is the end, nothing is taken apart.

/** @typedef {import('./ansi.js').Span} Span */

const HOLE = ''; // in a column where nothing stands

export class Line {
  /** @type {Span[]} */ #runs = [];
  /** @type {string[] | undefined} a character for each column, once one may be overwritten */ #characters;
  /** @type {Span[]} for each column the span it was written in */ #from = [];
  #blank = 0; // columns before this one hold nothing any more, whatever stands in them
  #at = -1; // the cursor's column, never behind the last one's end; -1: the end of the runs

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

  /**
   * Nothing is moved or filled here, so that a line of nothing but this is
   * still read in linear time.
   * @param {number} what 0: from the cursor on, 1: up to it, 2: the line
   */
  erase(what) {
    if (what === 0 && this.#at < 0) return;
    const characters = this.#columns();
    if (this.#at < 0) this.#at = characters.length;
    if (what === 1) this.#blank = Math.max(this.#blank, Math.min(this.#at + 1, characters.length));
    else characters.length = this.#at;
    if (what === 2) this.#blank = this.#at;
    else this.#blank = Math.min(this.#blank, characters.length);
  }

  /** @returns {Span[]} */
  spans() {
    if (!this.#characters) return this.#runs;
    let end = this.#characters.length;
    while (end > this.#blank && this.#characters[end - 1] === HOLE) end--;
    if (end <= this.#blank) return [];
    const line = new Line();
    for (let i = 0; i < end; i++) {
      if (i < this.#blank || this.#characters[i] === HOLE) line.write({ text: ' ' });
      else line.write({ ...this.#from[i], text: this.#characters[i] });
    }
    return line.spans();
  }

  /** @param {Span} span */
  #overwrite(span) {
    const characters = this.#columns();
    if (this.#at < this.#blank) {
      characters.fill(HOLE, this.#at, this.#blank);
      this.#blank = this.#at;
    }
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
