// What a search found, marked in the drawn rows by the browser's highlights,
// which change nothing in the document. A browser without them marks the rows.

import { CUT } from './row.js';

/** @typedef {import('./search.js').Search} Search */
/** @typedef {import('./row.js').RowView} RowView */

const able = 'highlights' in (globalThis.CSS ?? {});
const hits = able ? new Highlight() : undefined;
const current = able ? new Highlight() : undefined;
if (hits && current) {
  current.priority = 1;
  CSS.highlights.set('hub-hit', hits);
  CSS.highlights.set('hub-current', current);
}

export class Marks {
  /** @type {AbstractRange[]} */ #ranges = [];

  /** @param {RowView[]} views @param {Search | null} search @param {number} at row of the current hit */
  mark(views, search, at) {
    this.clear();
    for (const view of views) {
      const found = search?.hits(view.index) ?? [];
      view.element.classList.toggle('hit', found.length > 0);
      view.element.classList.toggle('current', view.index === at);
      if (!able) continue;
      for (const range of ranges(view.text, found)) {
        (view.index === at ? current : hits)?.add(range);
        this.#ranges.push(range);
      }
    }
  }

  clear() {
    for (const range of this.#ranges) {
      hits?.delete(range);
      current?.delete(range);
    }
    this.#ranges = [];
  }

  /** Whether none of a line's hits stands in what is shown of it at first. @param {[number, number][]} found */
  beyond(found) {
    return found.length > 0 && found.every(([, end]) => end > CUT);
  }
}

/**
 * The hits' places in the document; what lies beyond the shown text is left out.
 * @param {Element} element @param {[number, number][]} found in the element's text, in order
 */
function ranges(element, found) {
  if (!found.length) return [];
  const all = [];
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let node = /** @type {Text | null} */ (texts.nextNode());
  let start = 0;
  for (const [from, to] of found) {
    while (node && start + node.length <= from) {
      start += node.length;
      node = /** @type {Text | null} */ (texts.nextNode());
    }
    if (!node) break;
    const range = document.createRange();
    range.setStart(node, from - start);
    while (node && start + node.length < to) {
      start += node.length;
      node = /** @type {Text | null} */ (texts.nextNode());
    }
    if (!node) break;
    range.setEnd(node, to - start);
    all.push(range);
  }
  return all;
}
