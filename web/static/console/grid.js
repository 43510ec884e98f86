// The rows of a terminal: those of its screen, which may change, and those that
// have left it at the top.

/** @typedef {import('../log/sgr.js').Style} Style */

/** @typedef {{text: string, style: Style | undefined, wide: boolean}} Run characters of one look; a wide character is one of its own */

const BLANK = ' ';

/** A row of cells. A wide character takes two, the second of which is "". What lies behind the last cell is blank. */
export class Row {
  /** @type {string[]} */ #text = [];
  /** @type {(Style | undefined)[]} */ #style = [];
  /** Whether the next row goes on with its text. */
  wrapped = false;
  /** Rises with each change. */
  version = 0;

  /** Writes characters of one cell each. @param {number} x @param {string} characters @param {Style | undefined} style */
  write(x, characters, style) {
    const text = this.#text;
    const looks = this.#style;
    const end = x + characters.length;
    this.#fill(x);
    if (text[x] === '') text[x - 1] = BLANK;
    if (text[end] === '') text[end] = BLANK;
    for (let i = 0; i < characters.length; i++) {
      text[x + i] = characters[i];
      looks[x + i] = style;
    }
    this.version++;
  }

  /** Writes one character of one cell or two. @param {number} x @param {string} character @param {number} width @param {Style | undefined} style */
  put(x, character, width, style) {
    this.write(x, BLANK.repeat(width), style);
    this.#text[x] = character;
    if (width === 2) this.#text[x + 1] = '';
  }

  /** Adds a mark to the character before x, if it has not many already. @param {number} x @param {string} mark */
  join(x, mark) {
    let at = x - 1;
    if (this.#text[at] === '') at--;
    const character = this.#text[at];
    if (!character || character.length > 16) return;
    this.#text[at] = character + mark;
    this.version++;
  }

  /** Blanks cells, in the background of a style. @param {number} from @param {number} to @param {Style | undefined} style */
  erase(from, to, style) {
    this.#split(from);
    this.#split(to);
    const blank = ground(style);
    if (!blank && to >= this.#text.length) this.#cut(from);
    else {
      this.#fill(to);
      this.#text.fill(BLANK, from, to);
      this.#style.fill(blank, from, to);
    }
    this.version++;
  }

  /** Moves what stands at x and behind it by n cells. @param {number} x @param {number} n @param {number} cols @param {Style | undefined} style */
  insert(x, n, cols, style) {
    if (x >= this.#text.length && !ground(style)) return;
    this.#fill(x);
    this.#split(x);
    this.#text.splice(x, 0, ...Array(n).fill(BLANK));
    this.#style.splice(x, 0, ...Array(n).fill(ground(style)));
    this.#split(cols);
    this.#cut(cols);
    this.version++;
  }

  /** Takes n cells out; what stands behind them moves up. @param {number} x @param {number} n @param {number} cols @param {Style | undefined} style */
  remove(x, n, cols, style) {
    this.#split(x);
    this.#split(x + n);
    this.#text.splice(x, n);
    this.#style.splice(x, n);
    if (ground(style)) this.erase(cols - n, cols, style);
    this.version++;
  }

  /** Whether there is nothing to be seen. */
  get blank() {
    return this.#text.every((character, x) => character === BLANK && !this.#style[x]);
  }

  /** As text, without what is blank at its end. */
  toString() {
    return this.#text.join('').trimEnd();
  }

  /** @returns {Run[]} */
  runs() {
    /** @type {Run[]} */ const runs = [];
    let last;
    for (let x = 0; x < this.#text.length; x++) {
      if (this.#text[x] === '') continue;
      const [text, style, wide] = [this.#text[x], this.#style[x], this.#text[x + 1] === ''];
      if (last && !wide && !last.wide && last.style === style) last.text += text;
      else runs.push(last = { text, style, wide });
    }
    return runs;
  }

  /** @param {number} x */
  #fill(x) {
    for (let i = this.#text.length; i < x; i++) {
      this.#text.push(BLANK);
      this.#style.push(undefined);
    }
  }

  /** @param {number} x */
  #cut(x) {
    if (this.#text.length <= x) return;
    this.#text.length = this.#style.length = x;
  }

  /** A wide character that does not stay whole goes. @param {number} x */
  #split(x) {
    if (this.#text[x] === '') this.#text[x - 1] = this.#text[x] = BLANK;
  }
}

/** What a blank has of a style: its background. @param {Style | undefined} style @returns {Style | undefined} */
const ground = (style) => (style?.bg === undefined ? undefined : { bg: style.bg });

/** How many rows beyond what is kept may pile up before they go, all at once: taking each by itself would move all the others. */
const SLACK = 512;

export class Grid {
  /** @type {Row[]} oldest first */ past = [];
  /** How many rows have gone for good. */
  gone = 0;

  /** @param {number} rows @param {number} keep how many rows that have left at the top are kept */
  constructor(rows, keep) {
    this.keep = keep;
    this.rows = Array.from({ length: rows }, () => new Row());
  }

  /** The rows from top to bottom move up by n; those that leave at the screen's very top are kept. @param {number} top @param {number} bottom @param {number} n @param {Style} [style] */
  up(top, bottom, n, style) {
    const left = this.take(top, bottom, n, style);
    if (top === 0) this.#leave(left);
  }

  /** They move up, and the first n are no more. @param {number} top @param {number} bottom @param {number} n @param {Style} [style] */
  take(top, bottom, n, style) {
    const left = this.rows.splice(top, n);
    this.rows.splice(bottom + 1 - n, 0, ...left.map(() => fresh(style)));
    return left;
  }

  /** They move down. @param {number} top @param {number} bottom @param {number} n @param {Style} [style] */
  down(top, bottom, n, style) {
    this.rows.splice(bottom + 1 - n, n);
    this.rows.splice(top, 0, ...Array.from({ length: n }, () => fresh(style)));
  }

  /**
   * Makes the screen higher or lower, and returns by how many rows what is on it
   * has moved down. Blank rows below the cursor go first.
   * @param {number} rows @param {number} y the cursor's row
   */
  resize(rows, y) {
    let moved = 0;
    while (this.rows.length > rows) {
      if (y + moved < this.rows.length - 1 && this.rows.at(-1)?.blank) this.rows.pop();
      else {
        this.#leave(this.rows.splice(0, 1));
        moved--;
      }
    }
    while (this.rows.length < rows) {
      const last = this.past.pop();
      if (last) moved++;
      if (last) this.rows.unshift(last);
      else this.rows.push(new Row());
    }
    return moved;
  }

  /** Forgets what has left the screen. */
  forget() {
    this.gone += this.past.length;
    this.past = [];
  }

  /** @param {Row[]} rows */
  #leave(rows) {
    if (!this.keep) return;
    this.past.push(...rows);
    const much = this.past.length - this.keep;
    if (much < SLACK) return;
    this.past.splice(0, much);
    this.gone += much;
  }
}

/** @param {Style} [style] */
function fresh(style) {
  const row = new Row();
  if (style?.bg !== undefined) row.erase(0, MOST_COLS, style);
  return row;
}

/** The widest screen there is. */
export const MOST_COLS = 500;
