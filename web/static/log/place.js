// Where the reader is in a log: at its end, whatever comes, or at a row that
// stays where it is on the screen while others come, go, or turn out to be of
// another height. No document here: figures of the scrollbar go in and out.

import { Layout } from './layout.js';
import { moved, nearEdge, scrollOf } from './scale.js';

/** @typedef {import('./changes.js').Change} Change */
/** @typedef {import('./selection.js').Selection} Selection */

const NEAR = 8; // px from the end that still count as the end

export class Place {
  layout = new Layout();
  height = 0; // of what is seen
  following = true;
  scroll = 0; // where the scrollbar is
  scrolling = false; // the reader moves it right now
  /** The row the view hangs on, and how far the view's upper edge stands below the row's. */
  #anchor = { i: 0, px: 0 };
  /** That row as the store knows it. */
  #eye = { id: 0, at: 0 };
  /** @type {{id: number, at: number, px: number} | undefined} the row to hang on when it is shown again */ #sought;

  /** An empty log, or another one. @param {number} length @param {number} usual height of a row */
  begin(length, usual) {
    this.layout = new Layout();
    this.layout.reset(usual);
    this.layout.change(0, 0, length);
    this.#sought = undefined;
    this.#anchor = { i: 0, px: 0 };
  }

  /** Height of the rows above the view. */
  get top() {
    const most = Math.max(0, this.layout.total - this.height);
    return this.following ? most : Math.min(most, Math.max(0, this.#hanging));
  }

  get #hanging() {
    return this.layout.top(this.#anchor.i) + this.#anchor.px;
  }

  /** Whether there is more than is seen. */
  get long() {
    return this.layout.total > this.height;
  }

  /** @param {Change} change */
  change({ first, removed, added }) {
    const anchor = this.#anchor;
    if (anchor.i >= first + removed) anchor.i += added - removed;
    else if (anchor.i >= first && !(removed === 1 && added === 1) && !this.following) this.#sought ??= { ...this.#eye, px: anchor.px };
    this.layout.change(first, removed, added);
  }

  /** To the end. */
  follow() {
    this.following = true;
    this.#sought = undefined;
  }

  /** To a row: its upper edge stands so far below the view's. @param {number} i @param {number} below px */
  jump(i, below) {
    this.#sought = undefined;
    this.scrolling = false;
    this.#anchor = { i: Math.max(0, Math.min(i, this.layout.length - 1)), px: -below };
  }

  /** The row at the upper edge shall begin there, if it is not far past. @param {number} line */
  straighten(line) {
    this.#anchor.px = Math.max(0, Math.min(this.#anchor.px, line - 1));
  }

  /** Finds the row again that the view hung on before other rows were chosen. @param {Selection} selection */
  seek(selection) {
    if (!this.#sought) return;
    const { id, at, px } = this.#sought;
    const i = selection.positionOf(at);
    if ((i < 0 || i >= selection.length) && selection.progress < 1) return; // not chosen yet
    const near = Math.max(0, Math.min(i, selection.length - 1));
    const same = selection.length > 0 && selection.row(near).id === id;
    this.#anchor = { i: near, px: same ? px : 0 };
    this.#sought = undefined;
  }

  /** Hangs the view on the row at its upper edge. @param {Selection} selection @param {number} top */
  hang(selection, top) {
    if (this.#sought || !this.layout.length) return;
    const i = this.layout.at(top);
    this.#anchor = { i, px: top - this.layout.top(i) };
    this.#eye = { id: selection.row(i).id, at: selection.at(i) };
  }

  /** Where the scrollbar has to be put, undefined if it may stay. @param {number} top */
  wanted(top) {
    const { total } = this.layout;
    const scroll = scrollOf(top, total, this.height);
    const may = this.following || !this.scrolling || nearEdge(this.scroll, total, this.height);
    return may && Math.abs(scroll - this.scroll) > 0.5 ? scroll : undefined;
  }

  /**
   * The scrollbar moved.
   * @param {number} now where it is @param {number} height of what is seen
   * @returns {'ours' | 'up' | 'down' | 'end'} who or which way; `end`: there the reader has arrived
   */
  scrolled(now, height) {
    const from = this.scroll;
    if (Math.abs(now - from) < 1) return 'ours';
    this.scroll = now;
    if (height !== this.height || (this.following && now > from)) return 'ours'; // the browser keeps it within bounds
    const { total } = this.layout;
    const top = moved(this.#hanging, from, now, total, height);
    const i = this.layout.at(top);
    this.#sought = undefined;
    this.#anchor = { i, px: top - this.layout.top(i) };
    if (now < from) return 'up';
    return top >= total - height - NEAR ? 'end' : 'down';
  }
}
