// The timeline of a task: its stages or build steps, each with its state in a
// sign and a word, its time, and, where it failed, why and its last lines.

import { el, say } from '../../lib/dom.js';
import { keyed } from '../../ui/keyed.js';
import { elapsed, short, took } from './words.js';

/** @typedef {import('../../lib/timeline.js').Step} Step */

const SIGNS = /** @type {Record<string, string>} */ ({ waiting: '○', running: '●', completed: '✓', error: '✗', stopped: '⊘', skipped: '–' });
const WORDS = /** @type {Record<string, string>} */ ({ waiting: 'waiting', running: 'running', completed: 'done', error: 'failed', stopped: 'stopped', skipped: 'skipped' });

export class Steps {
  element = el('ol', { class: 'steps', 'aria-label': 'Timeline' });
  /** @type {WeakMap<HTMLElement, Line>} */ #lines = new WeakMap();
  #retry;

  /** @param {(step: Step) => HTMLElement | undefined} [retry] makes the button that begins again at a stage */
  constructor(retry = () => undefined) {
    this.#retry = retry;
  }

  /** @param {Step[]} steps @param {number} now ms, the hub's @param {boolean} retriable whether a new run may begin at one of them */
  show(steps, now, retriable = false) {
    this.element.hidden = !steps.length;
    keyed(this.element, steps, ({ key }) => key, (step) => {
      const line = new Line(this.#retry(step));
      this.#lines.set(line.element, line);
      return line.element;
    }, (element, step) => this.#lines.get(element)?.show(step, now, retriable));
  }
}

class Line {
  #sign = el('span', { class: 'sign', 'aria-hidden': 'true' });
  #name = el('a', { class: 'name' });
  #word = el('span', { class: 'word' });
  #time = el('span', { class: 'time nums' });
  #fact = el('p', { class: 'fact soft' });
  #why = el('div', { class: 'why', hidden: true });
  /** @type {Steps | undefined} */ #inner;
  #retry;
  element = el('li');

  /** @param {HTMLElement | undefined} retry */
  constructor(retry) {
    this.#retry = retry;
    this.element.append(
      el('div', { class: 'line' }, this.#sign, this.#name, this.#word, ...(retry ? [retry] : []), this.#time),
      this.#fact, this.#why);
  }

  /** @param {Step} step @param {number} now @param {boolean} retriable */
  show(step, now, retriable) {
    const { state, n, facts, took: ms, began } = step;
    this.element.dataset.state = state;
    if (state === 'running') this.element.setAttribute('aria-current', 'step');
    else this.element.removeAttribute('aria-current');
    say(this.#sign, step.reused ? '↻' : SIGNS[state]);
    const place = facts.count ? `${facts.count}/${facts.of} ` : '';
    say(this.#name, place + step.name);
    this.#name.title = step.name;
    if (n) this.#name.setAttribute('href', `#L${n}`);
    say(this.#word, step.reused ? 'reused' : step.cached ? 'cached' : WORDS[state]);
    say(this.#time, state === 'running' ? (Number.isNaN(began) ? '' : elapsed(now - began)) : Number.isNaN(ms) ? '' : took(ms));
    this.#time.title = step.reused ? 'in the run that made it' : '';
    say(this.#fact, fact(step));
    this.#fact.hidden = !this.#fact.textContent;
    this.#explain(step);
    if (this.#retry) this.#retry.hidden = !retriable || state === 'skipped';
    if (!step.steps.length && !this.#inner) return;
    this.#inner ??= this.#nest();
    this.#inner.show(step.steps, now);
  }

  #nest() {
    const inner = new Steps();
    inner.element.setAttribute('aria-label', 'Steps of the build');
    this.element.append(inner.element);
    return inner;
  }

  /** @param {Step} step */
  #explain({ state, error, last, steps }) {
    const inside = steps.some((inner) => inner.state === 'error'); // which shows the lines
    this.#why.hidden = state !== 'error' || !(error || last.length);
    if (this.#why.hidden) return this.#why.replaceChildren();
    if (this.#why.firstChild) return;
    if (error) this.#why.append(el('p', { class: 'cause' }, error));
    const lines = last.filter((line) => line !== error);
    if (lines.length && !inside) this.#why.append(el('pre', { 'aria-label': 'Its last lines', tabindex: '0' }, lines.join('\n')));
  }
}

/** What a stage has come to, in a few words. @param {Step} step */
function fact({ kind, state, facts }) {
  if (state !== 'completed') return typeof facts.cmd === 'string' ? facts.cmd : '';
  switch (kind) {
    case 'clone':
      return facts.commit ? `commit ${short(facts.commit)}` : '';
    case 'build':
      return facts.image_id ? `image ${short(facts.image_id)}` : '';
    case 'login':
      return [facts.registry, facts.username && `as ${facts.username}`].filter(Boolean).join(' ');
    case 'push':
    case 'pull':
      return facts.digest ? `digest ${short(facts.digest)}` : '';
    case 'run':
      return [facts.name, facts.host_port && `port ${facts.host_port}`].filter(Boolean).join(', ');
    case 'probe':
      return facts.status_code ? `answered ${facts.status_code}` : '';
  }
  return typeof facts.cmd === 'string' ? facts.cmd : '';
}
