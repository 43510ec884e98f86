// Dialogs: modal, closed by Escape, and the focus returns to where it was.

import { el } from '../lib/dom.js';

/**
 * Opens a dialog with a title and a way out; it is thrown away when it closes.
 * @param {string} title
 * @param {(Node | string)[]} content
 */
export function dialog(title, ...content) {
  const opener = document.activeElement;
  const heading = el('h2', { id: 'dialog-title' }, title);
  const box = el('dialog', { 'aria-labelledby': 'dialog-title' },
    el('header', {}, heading, el('button', { type: 'button', class: 'quiet', 'aria-label': 'Close', onclick: () => box.close() }, '×')),
    ...content);
  const shut = () => box.close(); // what it asks about is of the address it was opened at
  addEventListener('popstate', shut);
  box.addEventListener('close', () => {
    removeEventListener('popstate', shut);
    box.remove();
    if (!(opener instanceof HTMLElement) || !opener.isConnected) return;
    opener.blur(); // else a text field that has the focus again has no caret
    opener.focus();
  });
  const outside = (/** @type {MouseEvent} */ { target, clientX: x, clientY: y }) => {
    const { left, right, top, bottom } = box.getBoundingClientRect();
    return target === box && (x < left || x > right || y < top || y > bottom);
  };
  let pressed = false; // a selection that ends outside closes nothing
  box.addEventListener('pointerdown', (event) => { pressed = outside(event); });
  box.addEventListener('click', (event) => {
    if (pressed && outside(event)) box.close();
  });
  document.body.append(box);
  box.showModal();
  return box;
}

/**
 * Asks before something that cannot be undone.
 * @param {{title: string, text?: string | Node, action: string, danger?: boolean}} question `title` names the object, `action` is the button's word
 * @returns {Promise<boolean>}
 */
export function confirm({ title, text = '', action, danger = true }) {
  return new Promise((resolve) => {
    let agreed = false;
    const yes = el('button', { type: 'button', class: danger ? 'danger' : 'primary', onclick: () => {
      agreed = true;
      box.close();
    } }, action);
    const no = el('button', { type: 'button', onclick: () => box.close() }, 'Cancel');
    const box = dialog(title, el('div', { class: 'text' }, text), el('footer', {}, no, yes));
    no.focus();
    box.addEventListener('close', () => resolve(agreed));
  });
}
