// What a program writes to its terminal, taken apart: text, control characters,
// escape sequences. Nothing a program sends is kept here but the figures of one
// sequence, so that one which never ends costs nothing.

/**
 * @typedef {object} Receiver
 * @property {(text: string) => void} print characters that stand for themselves
 * @property {(code: number) => void} control one of C0
 * @property {(kind: string) => void} escape what follows ESC: "c", "(0", "#8"
 * @property {(kind: string, figures: string) => void} sequence CSI: its final letter behind its marks ("?h", "m"), and what stands between
 */

const MOST_FIGURES = 256; // characters; a longer sequence is none

/** In a text: ESC, or a string that runs to its end (OSC, DCS, …). @typedef {'text' | 'escape' | 'sequence' | 'string' | 'stringEnd'} State */

// eslint-disable-next-line no-control-regex
const PRINTED = /[^\x00-\x1f\x7f-\x9f]+/y;

export class Parser {
  /** @type {State} */ #state = 'text';
  #marks = '';
  #figures = '';

  /** @param {Receiver} to */
  constructor(to) {
    this.to = to;
  }

  /** @param {string} text the next part of what is written; it may end anywhere */
  write(text) {
    for (let i = 0; i < text.length;) {
      if (this.#state === 'text') {
        PRINTED.lastIndex = i;
        const run = PRINTED.exec(text);
        if (run) {
          this.to.print(run[0]);
          i += run[0].length;
          continue;
        }
      }
      this.#take(text.charCodeAt(i), text[i]);
      i++;
    }
  }

  /** @param {number} code @param {string} character */
  #take(code, character) {
    if (code === 0x1b) return this.#begin(this.#state === 'string' ? 'stringEnd' : 'escape');
    if (code === 0x18 || code === 0x1a) return this.#begin('text'); // CAN and SUB end what has begun
    switch (this.#state) {
      case 'string':
        // A newline ends it, too: else all that comes after a binary file would vanish.
        if (code !== 0x07 && code !== 0x9c && code !== 0x0a) return;
        return this.#begin('text');
      case 'stringEnd': // ESC \ ends it, and so does any other sequence
        this.#begin('escape');
        if (character === '\\') return this.#begin('text');
    }
    if (code < 0x20) return this.to.control(code);
    if (code >= 0x7f && code <= 0x9f) return; // DEL, and C1, which UTF-8 terminals do not heed
    if (this.#state === 'escape') this.#escape(code, character);
    else if (this.#state === 'sequence') this.#sequence(code, character);
  }

  /** @param {State} state */
  #begin(state) {
    this.#state = state;
    this.#marks = this.#figures = '';
  }

  /** @param {number} code @param {string} character */
  #escape(code, character) {
    if (code <= 0x2f) {
      if (this.#marks.length < 2) this.#marks += character;
    } else if (this.#marks === '' && character === '[') this.#begin('sequence');
    else if (this.#marks === '' && ']PX^_'.includes(character)) this.#begin('string');
    else {
      const kind = this.#marks + character;
      this.#begin('text');
      this.to.escape(kind);
    }
  }

  /** @param {number} code @param {string} character */
  #sequence(code, character) {
    if (code >= 0x40) {
      const [kind, figures] = [this.#marks + character, this.#figures];
      this.#begin('text');
      if (figures.length <= MOST_FIGURES) this.to.sequence(kind, figures);
    } else if (code >= 0x3c || code <= 0x2f) {
      if (this.#marks.length < 3) this.#marks += character;
    } else if (this.#figures.length <= MOST_FIGURES) this.#figures += character;
  }
}
