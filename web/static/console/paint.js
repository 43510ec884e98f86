// A terminal's rows on the page, once a frame: those near what is seen, and
// those that somebody is marking.

import { el } from '../lib/dom.js';
import { hex, onGround } from '../log/colour.js';

/** @typedef {import('./screen.js').Screen} Screen */
/** @typedef {import('./grid.js').Row} Row */
/** @typedef {import('../log/sgr.js').Style} Style */

const BEYOND = 30; // rows drawn above and below what is seen

export class Paint {
  /** @type {Map<Row, {element: HTMLElement, version: number}>} */ #drawn = new Map();
  /** @type {WeakMap<Node, Row>} */ #rows = new WeakMap();
  #lines = el('div', { class: 'lines' });
  #cursor = el('div', { class: 'cursor', 'aria-hidden': 'true' });
  #probe = el('span', { class: 'probe', 'aria-hidden': 'true' }, 'M'.repeat(100));
  #sheet;
  #gone = 0;
  #cell = { width: 8, height: 18 };
  /** Pixels below the last row, so that no row is cut at the top. */ #rest = 0;
  #following = true;

  /**
   * @param {HTMLElement} scroller
   * @param {HTMLElement} input stands where the cursor is, so that what is composed shows there
   */
  constructor(scroller, input) {
    this.scroller = scroller;
    this.input = input;
    this.#sheet = el('div', { class: 'sheet' }, this.#lines, this.#cursor, input, this.#probe);
    scroller.replaceChildren(this.#sheet);
  }

  /** How many characters fit. */
  measure() {
    const { width, height } = this.#probe.getBoundingClientRect();
    if (width && height) this.#cell = { width: width / 100, height };
    const room = this.scroller.clientHeight - 2 * this.#sheet.offsetTop;
    const rows = Math.max(2, Math.floor(room / this.#cell.height));
    this.#rest = Math.max(0, room - rows * this.#cell.height);
    return { cols: Math.max(2, Math.floor(this.#sheet.clientWidth / this.#cell.width)), rows };
  }

  /** The reader has scrolled: what is written next does not take the view with it, but at the end. */
  scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    this.#following = scrollHeight - scrollTop - clientHeight < this.#cell.height;
  }

  /** Goes to the end, where what is typed appears. */
  follow() {
    this.#following = true;
  }

  /** @param {Screen} screen */
  draw(screen) {
    const { past, rows, x, y, modes } = screen;
    const { height, width } = this.#cell;
    const total = past.length + rows.length;
    const px = (/** @type {number} */ n) => `${n}px`;
    this.#sheet.style.setProperty('height', px(total * height + this.#rest));
    if (this.#following) this.scroller.scrollTop = this.scroller.scrollHeight;
    else if (screen.gone > this.#gone) this.scroller.scrollTop -= (screen.gone - this.#gone) * height;
    this.#gone = screen.gone;

    const at = (/** @type {number} */ i) => (i < past.length ? past[i] : rows[i - past.length]);
    const top = Math.floor(this.scroller.scrollTop / height);
    const marked = this.#marked(past, rows);
    const first = Math.max(0, Math.min(top - BEYOND, ...marked));
    const last = Math.min(total - 1, Math.max(top + Math.ceil(this.scroller.clientHeight / height) + BEYOND, ...marked));
    this.#arrange(Array.from({ length: last - first + 1 }, (_, i) => at(first + i)));
    this.#lines.style.setProperty('top', px(first * height));

    this.#cursor.hidden = !modes.cursor;
    for (const each of [this.#cursor, this.input]) {
      each.style.setProperty('left', px(x * width));
      each.style.setProperty('top', px((past.length + y) * height));
    }
  }

  /** The text of what is marked: a line that was wrapped is one. */
  marked() {
    const selection = getSelection();
    if (!selection || selection.isCollapsed || !selection.rangeCount || !this.#lines.contains(selection.anchorNode)) return '';
    const range = selection.getRangeAt(0);
    let text = '';
    for (const line of this.#lines.children) {
      if (!range.intersectsNode(line)) continue;
      const part = document.createRange();
      part.selectNodeContents(line);
      if (line.contains(range.startContainer)) part.setStart(range.startContainer, range.startOffset);
      if (line.contains(range.endContainer)) part.setEnd(range.endContainer, range.endOffset);
      text += `${part}`.replaceAll('\u00a0', ' ') + (this.#rows.get(line)?.wrapped ? '' : '\n');
    }
    return text.replace(/ +$/gm, '').replace(/\n$/, '');
  }

  /** Where the ends of what is marked stand. @param {Row[]} past @param {Row[]} rows */
  #marked(past, rows) {
    const selection = getSelection();
    if (!selection || selection.isCollapsed || !this.#lines.contains(selection.anchorNode)) return [];
    return [selection.anchorNode, selection.focusNode].flatMap((node) => {
      const line = (node instanceof Element ? node : node?.parentElement)?.closest('.line');
      const row = line && this.#rows.get(line);
      if (!row) return [];
      const at = past.indexOf(row);
      return at >= 0 ? [at] : rows.includes(row) ? [past.length + rows.indexOf(row)] : [];
    });
  }

  /** @param {Row[]} rows */
  #arrange(rows) {
    const next = new Map();
    let place = this.#lines.firstChild;
    for (const row of rows) {
      const known = this.#drawn.get(row) ?? this.#make(row);
      this.#drawn.delete(row);
      next.set(row, known);
      if (known.version !== row.version) {
        known.element.replaceChildren(...row.runs().map(span));
        known.version = row.version;
      }
      if (place === known.element) place = place.nextSibling;
      else this.#lines.insertBefore(known.element, place);
    }
    for (const { element } of this.#drawn.values()) element.remove();
    this.#drawn = next;
  }

  /** @param {Row} row */
  #make(row) {
    const element = el('div', { class: 'line' });
    this.#rows.set(element, row);
    return { element, version: -1 };
  }
}

/** @param {import('./grid.js').Run} run */
function span({ text, style, wide }) {
  if (!style && !wide) return document.createTextNode(text);
  const { fg, bg, inverse, ...looks } = style ?? {};
  const element = el('span', { class: [...Object.keys(looks), ...(wide ? ['wide'] : [])].join(' ') }, text);
  const [ink, ground] = inverse ? [bg, fg] : [fg, bg];
  if (ground !== undefined) {
    element.style.setProperty('background-color', hex(ground));
    element.style.setProperty('color', onGround(ink, ground));
  } else if (inverse) element.classList.add('inverse');
  else if (typeof ink === 'number') element.classList.add(`c${ink}`);
  else if (ink !== undefined) {
    element.classList.add('coloured');
    element.style.setProperty('--colour', ink);
  }
  return element;
}
