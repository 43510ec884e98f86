// The bar of what is on its way: percent, bytes, speed, time left, and the
// layers behind a fold.

import { el, say } from '../../lib/dom.js';
import { bytes, counted } from '../../lib/format.js';
import { keyed } from '../../ui/keyed.js';
import { elapsed, short } from './words.js';

/** @typedef {import('../../lib/transfer.js').Transfer} Transfer */
/** @typedef {import('../../lib/transfer.js').Layer} Layer */

export class Bar {
  #done = el('div', { class: 'done' });
  #bar = el('div', { class: 'track', role: 'progressbar', 'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-label': 'Progress' }, this.#done);
  #percent = el('b', { class: 'nums' });
  #text = el('span', { class: 'soft nums' });
  #layers = el('ul');
  #count = el('summary');
  #fold = el('details', { class: 'layers' }, this.#count, this.#layers);
  element = el('div', { class: 'progress', hidden: true }, el('p', {}, this.#percent, ' ', this.#text), this.#bar, this.#fold);

  /** @param {Transfer | undefined} transfer @param {number} now ms, the hub's @param {boolean} runs @param {string} stage that it belongs to, "" for the whole task */
  show(transfer, now, runs, stage) {
    this.element.hidden = !transfer || (transfer.steps && !runs); // a build that is over has told its steps
    if (!transfer) return;
    const percent = Math.floor(transfer.percent);
    const words = wordsOf(transfer, now, runs);
    this.#done.style.setProperty('--part', `${transfer.percent / 100}`);
    this.#bar.setAttribute('aria-valuenow', `${percent}`);
    this.#bar.setAttribute('aria-valuetext', [`${percent} %`, ...words].join(', '));
    this.element.dataset.over = `${!runs}`;
    say(this.#percent, `${stage ? `${stage} ` : ''}${percent} %`);
    say(this.#text, words.join(', '));
    this.#fold.hidden = !transfer.layers.size;
    say(this.#count, counted(transfer.layers.size, 'layer'));
    if (this.#fold.open) keyed(this.#layers, transfer.layers.values(), ({ id }) => id, layerLine, showLayer);
    else this.#fold.ontoggle = () => this.show(transfer, now, runs, stage);
  }
}

/** "12 of 30 MB", "4.1 MB a second", "8 s left". @param {Transfer} transfer @param {number} now @param {boolean} runs */
function wordsOf(transfer, now, runs) {
  const words = [];
  if (transfer.total > 0) words.push(transfer.moved ? bytes(transfer.total) : `${bytes(transfer.current)} of ${bytes(transfer.total)}`);
  if (!runs) return words;
  const rate = transfer.rate(now);
  if (rate >= 1 && !transfer.moved) words.push(`${bytes(rate)}/s`);
  const left = transfer.left(now);
  if (left !== undefined && left < 86_400_000) words.push(`${elapsed(left)} left`);
  return words;
}

const layerLine = () =>
  el('li', {}, el('code'), el('span', { class: 'status' }), el('progress', { max: 1 }), el('span', { class: 'soft nums' }));

/** @param {HTMLLIElement} line @param {Layer} layer */
function showLayer(line, { id, status, current, total }) {
  const [name, word, bar, size] = line.children;
  say(name, short(id));
  say(word, status);
  const part = total > 0 ? Math.min(1, current / total) : /complete|Pushed|exists|Mounted/.test(status) ? 1 : 0;
  bar.setAttribute('value', `${part}`);
  bar.setAttribute('aria-label', `${short(id)}: ${status}`);
  say(size, total > 0 ? `${bytes(Math.min(current, total))} of ${bytes(total)}` : '');
}
