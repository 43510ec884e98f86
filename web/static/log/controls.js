// The small controls that a log's bars are made of.

import { el } from '../lib/dom.js';

/**
 * A button that is on or off.
 * @param {string} label
 * @param {string} title
 * @param {(on: boolean) => void} run
 */
export function toggle(label, title, run) {
  const button = el('button', { type: 'button', class: 'toggle', 'aria-pressed': 'false', title, 'aria-label': title, onclick: () => {
    press(button, !pressed(button));
    run(pressed(button));
  } }, label);
  return button;
}

/** @param {Element} button */
export const pressed = (button) => button.getAttribute('aria-pressed') === 'true';

/** @param {Element} button @param {boolean} on */
export const press = (button, on) => button.setAttribute('aria-pressed', `${on}`);

/**
 * One of several.
 * @param {string} label
 * @param {[string, string][]} options values and their words
 * @param {(value: string) => void} run
 */
export function choice(label, options, run) {
  const select = el('select', { 'aria-label': label, title: label, onchange: () => run(select.value) },
    ...options.map(([value, word]) => el('option', { value }, word)));
  return select;
}

/**
 * A button that unfolds what it holds; a click elsewhere, Escape, or a choice
 * made in it fold it up again.
 * @param {Node | string} label
 * @param {string} title
 * @param {(Node | string)[]} content
 */
export function menu(label, title, ...content) {
  const summary = el('summary', { class: 'button', title, 'aria-label': title }, label);
  const box = el('details', { class: 'menu' }, summary, el('div', { class: 'sheet' }, ...content));
  const outside = (/** @type {Event} */ event) => {
    if (!(event.target instanceof Node && box.contains(event.target))) box.open = false;
  };
  box.addEventListener('toggle', () => {
    const change = box.open ? document.addEventListener : document.removeEventListener;
    change.call(document, 'pointerdown', outside);
    change.call(document, 'focusin', outside);
  });
  box.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !box.open) return;
    event.preventDefault();
    event.stopPropagation();
    box.open = false;
    summary.focus();
  });
  return box;
}
