// The text of a row in the document: its colours as classes, its links. All
// that a log says stays text.

import { el } from '../lib/dom.js';
import { spans } from './ansi.js';
import { hex, onGround } from './colour.js';
import { linked } from './links.js';

/** @typedef {import('./ansi.js').Span} Span */
/** @typedef {import('./sgr.js').Style} Style */

const WORDS = /** @type {const} */ (['bold', 'dim', 'italic', 'underline', 'strike']);

/** @param {Element} element @param {string} text as the program wrote it */
export function write(element, text) {
  const all = spans(text);
  const plain = all.length === 1 && !all[0].style && !all[0].href && !all[0].text.includes('://');
  if (plain || !all.length) element.textContent = all[0]?.text ?? '';
  else element.replaceChildren(...all.map(piece));
}

/** @param {Span} span @returns {Node | string} */
function piece({ text, style, href }) {
  const parts = href ? [link(text, href)] : linked(text).map((part) => (part.href ? link(part.text, part.href) : part.text));
  if (!style) return parts.length === 1 ? parts[0] : together(parts);
  return dressed(el('span', {}, ...parts), style);
}

/** @param {(Node | string)[]} parts */
function together(parts) {
  const fragment = document.createDocumentFragment();
  fragment.append(...parts);
  return fragment;
}

/** @param {string} text @param {string} href http(s) */
const link = (text, href) => el('a', { href, rel: 'noopener noreferrer', target: '_blank', title: href }, text);

/** @param {HTMLElement} element @param {Style} style */
function dressed(element, style) {
  const names = WORDS.filter((word) => style[word]);
  const { fg, bg, inverse } = style;
  const text = inverse ? bg : fg;
  const ground = inverse ? fg : bg;
  element.className = names.join(' ');
  if (ground !== undefined) {
    element.style.setProperty('background-color', hex(ground));
    element.style.setProperty('color', onGround(text, ground));
  } else if (inverse) element.classList.add('inverse');
  else if (typeof text === 'number') element.classList.add(`c${text}`);
  else if (text !== undefined) {
    element.classList.add('coloured');
    element.style.setProperty('--colour', text);
  }
  return element;
}
