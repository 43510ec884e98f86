// What an empty list says: a command to copy, and where on the page the same is done.

import { el } from '../../lib/dom.js';
import '../../components/hub-copy.js';

/** @param {string} text @param {string} [label] absent: the command itself is shown, too */
export function command(text, label) {
  const copy = /** @type {import('../../components/hub-copy.js').HubCopy} */ (el('hub-copy', label ? { label } : { shown: true }));
  copy.command = text;
  return copy;
}

/** @param {import('../../app.js').App} app @param {[path: string, label: string][]} list the first is the one to try */
export const links = (app, list) => el('p', { class: 'bar' },
  ...list.map(([path, label], i) => el('a', { class: i ? 'button' : 'button primary', href: app.root + path }, label)));
