// The small controls that a log's bars are made of.

import { el } from '../lib/dom.js';

/**
 * A button that is on or off.
 * @param {string} label
 * @param {string} title
 * @param {(on: boolean) => void} run
 */
export function toggle(label, title, run) {
  const button = el('button', { type: 'button', class: 'toggle', 'aria-pressed': 'false', title, 'aria-label': `${label}: ${title}`, onclick: () => {
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
