// The rows of a log that stand in the document: those near what is seen, and
// those that hold the keyboard's focus or an end of a selection of text.

import { RowView } from './row.js';
import { dayOf, valid } from './stamp.js';

/** @typedef {import('./changes.js').Change} Change */
/** @typedef {import('./selection.js').Selection} Selection */
/** @typedef {import('./row.js').Look} Look */

const ASIDE = 5_000; // px away from what is seen at which a row is kept that the reader holds

export class Drawn {
  /** @type {RowView[]} */ views = [];
  /** @type {WeakMap<Element, RowView>} */ #of = new WeakMap();
  #digits = 0;
  #levels = false;
  #parent;

  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.#parent = parent;
  }

  clear() {
    this.views = [];
    this.#digits = 0;
    this.#levels = false;
    this.#parent.classList.remove('levels');
    this.#parent.replaceChildren();
  }

  /** @param {Change} change */
  change({ first, removed, added }) {
    for (const view of this.views) {
      if (view.index >= first + removed) view.index += added - removed;
      else if (view.index >= first) {
        view.dirty = true;
        if (view.index >= first + added) view.index = -1;
      }
    }
  }

  /** All have to be written anew, or measured. @param {'dirty' | 'fresh'} what */
  all(what) {
    for (const view of this.views) view[what] = true;
  }

  /** The row that a node of the document belongs to. @param {Node | null} node */
  viewOf(node) {
    const element = (node instanceof Element ? node : node?.parentElement)?.closest('.row');
    return element ? this.#of.get(element) : undefined;
  }

  /**
   * Lets Tab get to one number: the first that is seen, or of the marked ones.
   * @param {number} i @param {number} [n]
   */
  reach(i, n) {
    const seen = this.views.filter(({ index, held }) => index >= i && !held);
    const one = seen.find(({ row }) => row.n > 0 && row.n === n) ?? seen.find(({ row }) => row.n > 0);
    for (const view of this.views) view.reach(view === one);
  }

  /** From a row's number, where the keyboard is, to the next one. @param {EventTarget | null} from @param {number} way */
  step(from, way) {
    if (!way || !(from instanceof Element) || !from.classList.contains('number')) return false;
    let at = this.views.findIndex(({ element }) => element.contains(from)) + way;
    while (this.views[at]?.row.n === 0) at += way;
    this.views[at]?.focus();
    return true;
  }

  /**
   * Draws the rows [from, to] and puts away all that nobody holds.
   * @param {Selection} selection @param {number} from @param {number} to @param {Look} look
   */
  draw(selection, from, to, look) {
    const clean = new Map();
    const known = new Map();
    for (const view of this.views) {
      if (view.dirty) known.set(view.row.id, view);
      else clean.set(view.index, view);
    }
    /** @type {Map<number, RowView>} */ const next = new Map();
    const missing = [];
    for (let i = from; i <= to; i++) {
      let view = clean.get(i);
      const row = view ? undefined : selection.row(i);
      view ??= known.get(row?.id);
      if (view) next.set(i, view);
      if (row) missing.push({ i, row });
    }
    const staying = new Set(next.values());
    const held = this.#held().filter((view) => !staying.has(view) && this.#still(selection, view, look));
    // Elements of rows that are seen no more show the new ones, in order: then hardly one is moved.
    const spare = this.views.filter((view) => !staying.has(view) && !held.includes(view));
    for (const { i, row } of missing) {
      const view = next.get(i) ?? spare.shift() ?? this.#make(row);
      view.index = i;
      view.write(row, look);
      next.set(i, view);
    }
    for (const view of spare) view.element.remove();
    for (const view of held) view.hold(true);
    const shown = [...next.values()].sort((a, b) => a.index - b.index);
    for (const view of shown) view.hold(false);
    this.#days(selection, shown, look);
    this.views = held.length ? [...held, ...shown].sort((a, b) => a.index - b.index) : shown;
    this.#arrange(new Set([...held, ...staying]));
  }

  /** Makes room for the figures and words that rows begin with. @returns whether the text has less room now */
  fit() {
    const before = `${this.#digits} ${this.#levels}`;
    for (const { row } of this.views) {
      this.#digits = Math.max(this.#digits, `${row.n}`.length);
      this.#levels ||= row.level !== '';
    }
    if (before === `${this.#digits} ${this.#levels}`) return false;
    this.#parent.style.setProperty('--digits', `${this.#digits}`);
    this.#parent.classList.toggle('levels', this.#levels);
    return true;
  }

  /**
   * Measures rows that were not yet.
   * @param {import('./layout.js').Layout} layout @param {number} line height of a plain row @param {boolean} all whether any may be of another height
   * @returns {boolean} whether one is of another than was thought
   */
  measure(layout, line, all) {
    let other = false;
    for (const view of this.views) {
      if (!view.fresh) continue;
      view.fresh = false;
      const height = all || view.special ? view.element.getBoundingClientRect().height : line;
      if (height === layout.height(view.index)) continue;
      layout.set(view.index, height);
      other = true;
    }
    return other;
  }

  /** Puts held rows where they are among all, or out of sight on their side. @param {import('./layout.js').Layout} layout @returns {number} height above the first of the others */
  settle(layout) {
    const first = this.views.find(({ held }) => !held);
    const begin = first ? layout.top(first.index) : 0;
    for (const { element, index, held } of this.views) {
      if (held) element.style.setProperty('top', `${Math.max(-ASIDE, Math.min(ASIDE, layout.top(index) - begin))}px`);
      else if (element.style.top) element.style.removeProperty('top');
    }
    return begin;
  }

  /** @param {import('./chunk.js').Row} row */
  #make(row) {
    const view = new RowView(row);
    this.#of.set(view.element, view);
    return view;
  }

  /** Whether a row that is held is still there, and as it was. @param {Selection} selection @param {RowView} view @param {Look} look */
  #still(selection, view, look) {
    if (view.index < 0 || view.index >= selection.length) return false;
    if (!view.dirty) return true;
    const row = selection.row(view.index);
    if (row.id !== view.row.id) return false;
    view.write(row, look);
    return true;
  }

  #held() {
    const selected = document.getSelection();
    const ends = selected && !selected.isCollapsed ? [selected.anchorNode, selected.focusNode] : [];
    const views = [document.activeElement, ...ends].filter((node) => node && this.#parent.contains(node)).map((node) => this.viewOf(node));
    return /** @type {RowView[]} */ ([...new Set(views)].filter(Boolean));
  }

  /** A day that begins is told above its first row. @param {Selection} selection @param {RowView[]} views @param {Look} look */
  #days(selection, views, look) {
    if (!views.length) return;
    let before = look.now();
    for (let i = views[0].index - 1, tries = 0; i >= 0 && tries < 8; i--, tries++) {
      before = selection.row(i).time;
      if (valid(before)) break;
    }
    for (const view of views) {
      const { time } = view.row;
      view.day(valid(time) && valid(before) && dayOf(time, look.timestamps) !== dayOf(before, look.timestamps), look);
      if (valid(time)) before = time;
    }
  }

  /**
   * Brings elements to their places. One that shows what it showed is not
   * touched, for a selection or the focus in it would be lost; others go round it.
   * @param {Set<RowView>} fixed
   */
  #arrange(fixed) {
    let at = this.#parent.firstElementChild;
    for (const view of this.views) {
      const { element } = view;
      if (element === at || fixed.has(view)) at = element.nextElementSibling;
      else this.#parent.insertBefore(element, at);
    }
  }
}
