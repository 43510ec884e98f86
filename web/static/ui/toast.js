// Short words at the page's edge: what was done, or why it was not.

import { el } from '../lib/dom.js';

const STAYS = 6_000; // ms; a problem stays until it is closed

/** @param {string | Node} content text, or a problem, which stays */
export function toast(content) {
  const list = document.getElementById('toasts') ?? document.body.appendChild(el('div', { id: 'toasts' }));
  const entry = el('div', { class: 'toast', role: typeof content === 'string' ? 'status' : false }, content,
    el('button', { type: 'button', class: 'quiet', 'aria-label': 'Close', onclick: () => entry.remove() }, '×'));
  list.append(entry);
  if (typeof content === 'string') setTimeout(() => entry.remove(), STAYS);
}
