// Figures with their names, each written only where it has changed.

import { el, say } from '../../lib/dom.js';

/** @typedef {[name: string, value: string, note?: string]} Fact */

export class Facts {
  element = el('dl', { class: 'facts' });
  /** @type {Map<string, {value: HTMLElement, note: HTMLElement}>} */ #known = new Map();

  /** @param {Fact[]} facts in the order of the first time; later ones are added at the end */
  show(facts) {
    for (const [name, value, note = ''] of facts) {
      const fact = this.#known.get(name) ?? this.#add(name);
      say(fact.value, value);
      say(fact.note, note);
    }
  }

  /** @param {string} name */
  #add(name) {
    const fact = { value: el('b', { class: 'nums' }), note: el('span', { class: 'soft nums' }) };
    this.element.append(el('div', {}, el('dt', {}, name), el('dd', {}, fact.value, ' ', fact.note)));
    this.#known.set(name, fact);
    return fact;
  }
}

/** 3 d 4 h, 2 h 5 min, 40 s. @param {number} seconds */
export function span(seconds) {
  const [d, h, min, s] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
  if (d) return `${d} d ${h} h`;
  if (h) return `${h} h ${min} min`;
  return min ? `${min} min` : `${s} s`;
}
