// The keyboard: who offers a key says what it does, and "?" lists them all.

import { el } from '../lib/dom.js';
import { dialog } from './dialog.js';
import * as settings from './settings.js';

/** @typedef {{group: string, key: string, label: string, run: (event: KeyboardEvent) => void}} Shortcut */

/** @type {Set<Shortcut>} */
const shortcuts = new Set();

/**
 * Offers a key while its view is there. `key` is as the browser names it ("g",
 * "/", "Escape"), after "Ctrl+" for one with Ctrl or ⌘; of several offers of
 * one key the latest counts.
 * @param {string} group where it works, as the list names it
 * @param {string} key
 * @param {string} label
 * @param {(event: KeyboardEvent) => void} run
 * @returns {() => void} ends the offer
 */
export function add(group, key, label, run) {
  const shortcut = { group, key, label, run };
  shortcuts.add(shortcut);
  return () => shortcuts.delete(shortcut);
}

addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.altKey || event.isComposing) return;
  const control = event.ctrlKey || event.metaKey;
  const name = control ? `Ctrl+${event.key}` : event.key;
  const single = !control && event.key.length === 1;
  if (single && (writes(event.target) || !settings.get('letters') && event.key !== '?')) return;
  if (document.querySelector('dialog[open]')) return;
  const found = [...shortcuts].findLast(({ key }) => key === name);
  if (!found) return;
  event.preventDefault();
  found.run(event);
});

/** Whether what has the focus takes text. @param {EventTarget | null} target */
function writes(target) {
  return target instanceof HTMLElement
    && (target.isContentEditable || target.matches('textarea, select, input:not([type=checkbox], [type=radio], [type=button])'));
}

/** Shows all keys of the page as it is now. */
export function help() {
  const groups = Map.groupBy(shortcuts, ({ group }) => group);
  const letters = el('input', { type: 'checkbox', id: 'letters', checked: settings.get('letters') === true, onchange: () => settings.set('letters', letters.checked) });
  dialog('Keyboard',
    el('div', { class: 'keys' }, ...[...groups].map(([group, all]) => el('section', {}, el('h3', {}, group),
      el('dl', {}, ...all.flatMap(({ key, label }) => [el('dt', {}, el('kbd', {}, key === ' ' ? 'Space' : key)), el('dd', {}, label)]))))),
    el('p', { class: 'choice' }, letters, el('label', { for: 'letters' }, 'Single letters act')));
}
