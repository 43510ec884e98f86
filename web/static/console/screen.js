// A terminal's screen, without a document: what a program writes goes in, rows
// of characters with styles come out. It does what shells, editors and pagers
// ask of an xterm; what would reach beyond the screen (titles, the clipboard,
// files, colours of the page) is dropped.

import { inOrder, lineDrawing, NARROW, widthOf } from './characters.js';
import { Grid, MOST_COLS } from './grid.js';
import { Parser } from './parser.js';
import { restyle } from '../log/sgr.js';

/** @typedef {import('./grid.js').Row} Row */
/** @typedef {import('../log/sgr.js').Style} Style */
/** @typedef {{x: number, y: number, style: Style | undefined, drawn: boolean}} Place */

const KEPT = 10_000; // rows that have left the screen
const MOST_ROWS = 300;
const MOST_REPLY = 256; // characters for what is asked in one part: nobody needs more answers
const TAB = 8;
const MOST_FIGURE = 0xffff;

export class Screen {
  #main;
  /** @type {Grid | undefined} while a program has the whole screen */ #other;
  #parser = new Parser({
    print: (text) => this.#print(text),
    control: (code) => this.#control(code),
    escape: (kind) => this.#escape(kind),
    sequence: (kind, figures) => this.#sequence(kind, figures),
  });
  #reply = '';
  /** The column behind the last: the next character begins a row. */ #behind = false;
  #last = '';
  #drawn = false;
  #top = 0;
  #bottom;
  /** @type {Style | undefined} */ #style;
  /** @type {Place} */ #saved = { x: 0, y: 0, style: undefined, drawn: false };
  /** @type {Place} */ #savedMain = this.#saved;
  #modes = { application: false, bracketed: false, cursor: true, wrap: true, insert: false, origin: false };

  x = 0;
  y = 0;

  /**
   * @param {number} cols
   * @param {number} rows
   * @param {(text: string) => void} [reply] takes what the terminal answers to a program's questions
   */
  constructor(cols, rows, reply = () => {}) {
    this.cols = cols;
    this.reply = reply;
    this.#main = new Grid(rows, KEPT);
    this.#bottom = rows - 1;
  }

  /** What programs have asked for. */
  get modes() {
    return this.#modes;
  }

  /** Whether a program has the whole screen, as an editor does. */
  get whole() {
    return this.#other !== undefined;
  }

  /** The rows of the screen. */
  get rows() {
    return this.#grid.rows;
  }

  /** The rows that have left it, oldest first. */
  get past() {
    return this.#grid.past;
  }

  /** How many of those have gone for good. */
  get gone() {
    return this.#grid.gone;
  }

  get #grid() {
    return this.#other ?? this.#main;
  }

  /** @param {string} text */
  write(text) {
    this.#parser.write(text);
    const reply = this.#reply;
    this.#reply = '';
    if (reply) this.reply(reply);
  }

  /** @param {number} cols @param {number} rows */
  resize(cols, rows) {
    cols = clamp(cols, 2, MOST_COLS);
    rows = clamp(rows, 2, MOST_ROWS);
    if (cols === this.cols && rows === this.rows.length) return;
    this.#other?.resize(rows, this.y);
    const moved = this.#main.resize(rows, this.#other ? this.#savedMain.y : this.y);
    if (this.#other) this.#savedMain.y = clamp(this.#savedMain.y + moved, 0, rows - 1);
    else this.y += moved;
    this.cols = cols;
    this.#margins(0, rows - 1);
    this.#to(this.x, this.y);
  }

  /** Forgets the rows that have left the screen. */
  forget() {
    this.#main.forget();
  }

  /** @param {string} text */
  #print(text) {
    if (this.#drawn) text = lineDrawing(text);
    if (NARROW.test(text)) return this.#narrow(text);
    for (const character of inOrder(text)) {
      const width = widthOf(character);
      if (width === 0) this.rows[this.y].join(this.#behind ? this.cols : this.x, character);
      else this.#put(character, width);
    }
  }

  /** The same for what is mostly printed. @param {string} text of characters of one cell each */
  #narrow(text) {
    while (text) {
      if (this.#behind) this.#wrap(1);
      const part = text.slice(0, this.cols - this.x);
      text = text.slice(part.length);
      if (this.#modes.insert) this.rows[this.y].insert(this.x, part.length, this.cols, this.#style);
      this.rows[this.y].write(this.x, part, this.#style);
      this.#forth(part.length);
      this.#last = part[part.length - 1];
    }
  }

  /** @param {string} character @param {number} width */
  #put(character, width) {
    if (this.#behind || this.x + width > this.cols) this.#wrap(width);
    if (this.#modes.insert) this.rows[this.y].insert(this.x, width, this.cols, this.#style);
    this.rows[this.y].put(this.x, character, width, this.#style);
    this.#forth(width);
    this.#last = character;
  }

  /** @param {number} n */
  #forth(n) {
    this.x += n;
    this.#behind = this.x >= this.cols;
    if (this.#behind) this.x = this.cols - 1;
  }

  /** The row is full: a new one begins, or its end is written over. @param {number} width of what is to be put */
  #wrap(width) {
    if (!this.#modes.wrap) {
      this.x = this.cols - width;
      this.#behind = false;
      return;
    }
    this.rows[this.y].wrapped = true;
    this.#line();
    this.x = 0;
  }

  /** @param {number} code */
  #control(code) {
    switch (code) {
      case 0x08: // backspace
        return this.#to(this.x - 1, this.y);
      case 0x09:
        return this.#to((Math.floor(this.x / TAB) + 1) * TAB, this.y);
      case 0x0a: case 0x0b: case 0x0c:
        return this.#line();
      case 0x0d:
        return this.#to(0, this.y);
      case 0x0e: case 0x0f:
        this.#drawn = false; // the sets that SO and SI choose between are not kept apart
    }
  }

  /** @param {string} kind */
  #escape(kind) {
    switch (kind) {
      case '7':
        return this.#save();
      case '8':
        return this.#restore();
      case 'D':
        return this.#line();
      case 'E':
        this.#to(0, this.y);
        return this.#line();
      case 'M':
        if (this.y === this.#top) return this.#grid.down(this.#top, this.#bottom, 1, this.#style);
        return this.#to(this.x, this.y - 1);
      case 'c':
        this.#alternate(false);
        this.#reset();
        this.#to(0, 0);
        return this.#eraseScreen(2);
      case '(0': case '(B':
        this.#drawn = kind === '(0';
    }
  }

  /** @param {string} kind @param {string} text its figures */
  #sequence(kind, text) {
    if (kind === 'm') this.#style = restyle(this.#style, text);
    else if (kind === '?h' || kind === '?l') for (const mode of figuresOf(text)) this.#mode(mode, kind === '?h');
    else if (kind === 'h' || kind === 'l') {
      if (text === '4') this.#modes.insert = kind === 'h';
    } else this.#move(kind, figuresOf(text));
  }

  /** @param {string} kind @param {number[]} figures */
  #move(kind, [first, second]) {
    const n = first || 1;
    const row = this.rows[this.y];
    const within = this.y >= this.#top && this.y <= this.#bottom;
    const height = this.#bottom + 1;
    switch (kind) {
      case 'A': case 'F':
        return this.#to(kind === 'F' ? 0 : this.x, Math.max(this.y - n, within ? this.#top : 0));
      case 'B': case 'E': case 'e':
        return this.#to(kind === 'E' ? 0 : this.x, Math.min(this.y + n, within ? this.#bottom : this.rows.length - 1));
      case 'C': case 'a':
        return this.#to(this.x + n, this.y);
      case 'D':
        return this.#to(this.x - n, this.y);
      case 'G': case '`':
        return this.#to(n - 1, this.y);
      case 'd':
        return this.#to(this.x, this.#lead + n - 1);
      case 'H': case 'f':
        return this.#to((second || 1) - 1, this.#lead + n - 1);
      case 'I':
        return this.#to((Math.floor(this.x / TAB) + n) * TAB, this.y);
      case 'Z':
        return this.#to((Math.ceil(this.x / TAB) - n) * TAB, this.y);
      case 'J':
        return this.#eraseScreen(first);
      case 'K':
        return this.#eraseRow(first);
      case 'X':
        return row.erase(this.x, Math.min(this.x + n, this.cols), this.#style);
      case '@':
        return row.insert(this.x, Math.min(n, this.cols - this.x), this.cols, this.#style);
      case 'P':
        return row.remove(this.x, Math.min(n, this.cols - this.x), this.cols, this.#style);
      case 'L':
        if (within) this.#grid.down(this.y, this.#bottom, Math.min(n, height - this.y), this.#style);
        return;
      case 'M':
        // Not even at the top do these leave for the past: they were taken out.
        if (within) this.#grid.take(this.y, this.#bottom, Math.min(n, height - this.y), this.#style);
        return;
      case 'S':
        return this.#grid.up(this.#top, this.#bottom, Math.min(n, height - this.#top), this.#style);
      case 'T':
        return this.#grid.down(this.#top, this.#bottom, Math.min(n, height - this.#top), this.#style);
      case 'b':
        return this.#last ? this.#print(this.#last.repeat(Math.min(n, this.cols))) : undefined;
      case 'r':
        this.#margins((first || 1) - 1, (second || this.rows.length) - 1);
        return this.#to(0, this.#lead);
      case 's':
        return this.#save();
      case 'u':
        return this.#restore();
      case '!p':
        return this.#reset();
      case 'c':
        return this.#answer('\x1b[?6c');
      case '>c':
        return this.#answer('\x1b[>0;0;0c');
      case 'n':
        if (first === 5) this.#answer('\x1b[0n');
        if (first === 6) this.#answer(`\x1b[${this.y - this.#lead + 1};${this.x + 1}R`);
    }
  }

  /** @param {number} mode @param {boolean} on */
  #mode(mode, on) {
    switch (mode) {
      case 1:
        this.#modes.application = on;
        return;
      case 6:
        this.#modes.origin = on;
        return this.#to(0, this.#lead);
      case 7:
        this.#modes.wrap = on;
        return;
      case 25:
        this.#modes.cursor = on;
        return;
      case 47: case 1047: case 1049:
        return this.#alternate(on);
      case 1048:
        return on ? this.#save() : this.#restore();
      case 2004:
        this.#modes.bracketed = on;
    }
  }

  /** A program takes the whole screen, or gives it back as it was. @param {boolean} on */
  #alternate(on) {
    if (on === this.whole) return;
    if (on) {
      this.#save();
      this.#savedMain = this.#saved;
      this.#other = new Grid(this.rows.length, 0);
    } else {
      this.#other = undefined;
      this.#saved = this.#savedMain;
      this.#restore();
    }
    this.#margins(0, this.rows.length - 1);
  }

  /** The first row that addresses count from. */
  get #lead() {
    return this.#modes.origin ? this.#top : 0;
  }

  /** @param {number} x @param {number} y */
  #to(x, y) {
    const [least, most] = this.#modes.origin ? [this.#top, this.#bottom] : [0, this.rows.length - 1];
    this.x = clamp(x, 0, this.cols - 1);
    this.y = clamp(y, least, most);
    this.#behind = false;
  }

  /** The cursor goes a row down, and at the bottom the rows go up. */
  #line() {
    this.#behind = false;
    if (this.y === this.#bottom) this.#grid.up(this.#top, this.#bottom, 1, this.#style);
    else if (this.y < this.rows.length - 1) this.y++;
  }

  /** @param {number} top @param {number} bottom */
  #margins(top, bottom) {
    const last = this.rows.length - 1;
    const fits = top < Math.min(bottom, last);
    this.#top = fits ? top : 0;
    this.#bottom = fits ? Math.min(bottom, last) : last;
  }

  /** @param {number} part 0: behind the cursor, 1: up to it, 2: all, 3: what has left the screen */
  #eraseScreen(part) {
    if (part === 3) return this.forget();
    if (part === 2 && !this.whole) return this.#leave();
    this.#eraseRow(part);
    for (const [y, row] of this.rows.entries()) {
      if (part === 2 || (part === 1 ? y < this.y : y > this.y)) row.erase(0, this.cols, this.#style);
    }
  }

  /** What a program clears is not lost: it leaves at the top, down to the last row that shows anything. */
  #leave() {
    const used = this.rows.findLastIndex((row) => !row.blank) + 1;
    if (used) this.#grid.up(0, this.rows.length - 1, used, this.#style);
  }

  /** @param {number} part */
  #eraseRow(part) {
    const [from, to] = part === 1 ? [0, this.x + 1] : [part === 2 ? 0 : this.x, Infinity];
    this.rows[this.y].erase(from, Math.min(to, this.cols), this.#style);
    if (part !== 1) this.rows[this.y].wrapped = false;
  }

  #save() {
    this.#saved = { x: this.x, y: this.y, style: this.#style, drawn: this.#drawn };
  }

  #restore() {
    this.#style = this.#saved.style;
    this.#drawn = this.#saved.drawn;
    this.#to(this.#saved.x, this.#saved.y);
  }

  #reset() {
    Object.assign(this.#modes, { application: false, bracketed: false, cursor: true, wrap: true, insert: false, origin: false });
    this.#style = undefined;
    this.#drawn = false;
    this.#margins(0, this.rows.length - 1);
    this.#saved = { x: 0, y: 0, style: undefined, drawn: false };
  }

  /** @param {string} text */
  #answer(text) {
    if (this.#reply.length + text.length <= MOST_REPLY) this.#reply += text;
  }
}

/** @param {string} text "12;3" */
const figuresOf = (text) => text.split(';').slice(0, 32).map((figure) => Math.min(Number.parseInt(figure, 10) || 0, MOST_FIGURE));

/** @param {number} n @param {number} least @param {number} most */
const clamp = (n, least, most) => Math.max(least, Math.min(n, most));
