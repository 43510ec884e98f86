// The terminal on the page: a screen, drawn once a frame, and a text field that
// takes what is typed, so that input methods and dead keys work.

import { el } from '../lib/dom.js';
import { counted } from '../lib/format.js';
import { confirm } from '../ui/dialog.js';
import { bytesOf, pasted } from './keys.js';
import { Paint } from './paint.js';
import { Screen } from './screen.js';

/** Leaves the terminal, which takes every other key. */
export const WAY_OUT = 'F6';
const SETTLES = 100; // ms for which a size must stay before the program hears of it
const SHOWN = 12; // lines of a text whose pasting is asked about

/** What a phone's keyboard does not have. @type {[string, string, Partial<import('./keys.js').Key>][]} label, name, key */
const SOFT = [['Esc', 'Escape', { key: 'Escape' }], ['Tab', 'Tab', { key: 'Tab' }], ['^C', 'Control C', { key: 'c', ctrlKey: true }], ['^D', 'Control D', { key: 'd', ctrlKey: true }],
  ['↑', 'Up', { key: 'ArrowUp' }], ['↓', 'Down', { key: 'ArrowDown' }], ['←', 'Left', { key: 'ArrowLeft' }], ['→', 'Right', { key: 'ArrowRight' }]];

export class Terminal {
  #input = el('textarea', { class: 'input', rows: 1, autocapitalize: 'off', autocomplete: 'off', autocorrect: 'off', spellcheck: 'false' });
  #scroller = el('div', { class: 'terminal', tabindex: -1 });
  #soft = el('div', { class: 'soft-keys', role: 'group', 'aria-label': 'Keys' }, ...SOFT.map(([label, name, key]) =>
    el('button', { type: 'button', 'aria-label': name, tabindex: '-1', onpointerdown: (/** @type {Event} */ event) => event.preventDefault(), onclick: () => this.#press(key) }, label)));
  element = el('div', { class: 'screen', role: 'region' }, this.#scroller, this.#soft);
  #paint = new Paint(this.#scroller, this.#input);
  #screen = new Screen(80, 24);
  #frame = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #settling;
  #away = new AbortController();
  #sizes = new ResizeObserver(() => this.#fit());

  /** Takes what is for the program. */
  onsend = (/** @type {string} */ _text) => {};
  /** The size has changed. */
  onresize = (/** @type {number} */ _cols, /** @type {number} */ _rows) => {};
  /** The reader leaves by the keyboard. */
  onleave = () => {};

  constructor() {
    const { signal } = this.#away;
    this.#input.addEventListener('keydown', (event) => this.#key(event));
    this.#input.addEventListener('input', (event) => {
      if (!(event instanceof InputEvent && event.isComposing)) this.#typed();
    });
    this.#input.addEventListener('compositionend', () => this.#typed());
    this.#input.addEventListener('paste', (event) => this.#paste(event));
    this.element.addEventListener('copy', (event) => this.#copy(event));
    this.#scroller.addEventListener('scroll', () => {
      this.#paint.scrolled();
      this.#draw();
    });
    this.#scroller.addEventListener('keydown', (event) => this.#resume(event));
    this.#scroller.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    this.#scroller.addEventListener('mouseup', () => {
      if (getSelection()?.isCollapsed) this.focus();
    });
    document.addEventListener('selectionchange', () => this.#draw(), { signal });
    this.#sizes.observe(this.#scroller);
  }

  /** @param {string} label what a screen reader calls it */
  set label(label) {
    this.element.setAttribute('aria-label', label);
    this.#input.setAttribute('aria-label', `${label}: input, ${WAY_OUT} leaves`);
  }

  /** The size in characters, as it is now. */
  size() {
    const { cols, rows } = this.#paint.measure();
    this.#screen.resize(cols, rows);
    return { cols: this.#screen.cols, rows: this.#screen.rows.length };
  }

  /** A new program begins, with an empty screen. */
  begin() {
    this.#screen = new Screen(80, 24, (text) => this.onsend(text));
    this.#paint.follow();
    this.#draw();
    return this.size();
  }

  /** @param {string} text */
  write(text) {
    this.#screen.write(text);
    this.#draw();
  }

  focus() {
    this.#input.focus({ preventScroll: true });
  }

  get focused() {
    return this.#scroller.contains(document.activeElement);
  }

  leave() {
    this.#away.abort();
    this.#sizes.disconnect();
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#settling);
  }

  #draw() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paint.draw(this.#screen);
    });
  }

  #fit() {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => {
      const [cols, rows] = [this.#screen.cols, this.#screen.rows.length];
      const next = this.size();
      this.#draw();
      if (next.cols !== cols || next.rows !== rows) this.onresize(next.cols, next.rows);
    }, SETTLES);
  }

  /** @param {string} bytes */
  #type(bytes) {
    this.#paint.follow();
    this.#draw();
    this.onsend(bytes);
  }

  /** A key that was not pressed on a keyboard. @param {Partial<import('./keys.js').Key>} key @param {number} [times] */
  #press(key, times = 1) {
    this.#type(bytesOf({ key: '', ctrlKey: false, altKey: false, shiftKey: false, metaKey: false, ...key }, this.#screen.modes).repeat(times));
  }

  #typed() {
    const text = this.#input.value.replaceAll('\n', '\r');
    this.#input.value = '';
    if (text) this.#type(text);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    event.stopPropagation(); // the page's own keys rest meanwhile
    if (event.isComposing) return;
    if (event.key === WAY_OUT && !event.shiftKey) {
      event.preventDefault();
      return this.onleave();
    }
    if (event.shiftKey && (event.key === 'PageUp' || event.key === 'PageDown')) {
      event.preventDefault();
      return this.#scroller.scrollBy(0, (event.key === 'PageUp' ? -0.9 : 0.9) * this.#scroller.clientHeight);
    }
    const letter = event.ctrlKey && !event.altKey ? event.key.toLowerCase() : '';
    if (letter === 'v' || (letter === 'c' && event.shiftKey)) return; // the browser pastes and copies
    const bytes = bytesOf(event, this.#screen.modes);
    if (!bytes) return;
    event.preventDefault();
    this.#type(bytes);
  }

  /** With something marked the focus is not in the text field: all but copying goes on there. @param {KeyboardEvent} event */
  #resume(event) {
    if (event.target !== this.#scroller || ['Control', 'Shift', 'Alt', 'Meta'].includes(event.key)) return;
    if ((event.ctrlKey || event.metaKey) && ['c', 'a'].includes(event.key.toLowerCase())) return;
    this.focus();
    this.#key(event);
  }

  /** @param {ClipboardEvent} event */
  #copy(event) {
    const text = this.#paint.marked();
    if (!text) return;
    event.preventDefault();
    event.clipboardData?.setData('text/plain', text);
  }

  /** @param {ClipboardEvent} event */
  async #paste(event) {
    event.preventDefault();
    const { bracketed } = this.#screen.modes;
    const text = pasted(event.clipboardData?.getData('text/plain') ?? '', bracketed);
    const lines = text.split('\r');
    if (!bracketed && lines.length > 1 && !(await this.#agreed(lines))) return;
    if (text) this.#type(text);
  }

  /** @param {string[]} lines */
  async #agreed(lines) {
    const shown = lines.slice(0, SHOWN).join('\n') + (lines.length > SHOWN ? '\n…' : '');
    const agreed = await confirm({
      title: `Paste ${counted(lines.length, 'line')}?`,
      text: el('div', {}, el('p', {}, 'The program runs each line as it comes.'), el('pre', { class: 'pasted' }, shown)),
      action: 'Paste', danger: false,
    });
    this.#input.blur(); // a dialog gives back the focus, but not always the caret, without which nothing is typed
    this.focus();
    return agreed;
  }

  /** A program that has the whole screen has nothing to scroll: it hears of the wheel as of arrows. @param {WheelEvent} event */
  #wheel(event) {
    if (!this.#screen.whole || event.ctrlKey || !event.deltaY) return;
    event.preventDefault();
    this.#press({ key: event.deltaY < 0 ? 'ArrowUp' : 'ArrowDown' }, 3);
  }
}
