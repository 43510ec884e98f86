// One row of the list of tasks.

import { post } from '../../lib/api.js';
import { el, say } from '../../lib/dom.js';
import { action } from '../../ui/action.js';
import { aim, ago, elapsed, kindOf, standing, took } from './words.js';

/** @typedef {import('../../app.js').App} App */
/** @typedef {Record<string, any>} Task one of GET /tasks */
/** @typedef {{stage?: string, percent?: number}} Live what its events say between two looks at the list */

export class Row {
  #badge = el('span', { class: 'badge' }, el('span', { 'aria-hidden': 'true' }), el('span'));
  #link = el('a', { class: 'name' });
  #aim = el('span', { class: 'aim' });
  #id = el('span', { class: 'id mono soft' });
  #note = el('p', { class: 'note soft' });
  #when = el('time', { class: 'soft' });
  #took = el('td', { class: 'num took' });
  #cancel;
  #again;
  element = el('tr');

  /** @param {App} app @param {string} id @param {string} href */
  constructor(app, id, href) {
    this.#link.href = href;
    this.#cancel = cancelButton(id, () => this.#name);
    this.#again = againButton(app, id, () => this.#name);
    this.element.append(
      el('td', { class: 'state' }, this.#badge),
      el('td', { class: 'what' }, this.#link, ' ', this.#aim, this.#note),
      el('td', { class: 'id' }, this.#id),
      el('td', { class: 'when' }, this.#when),
      this.#took,
      el('td', { class: 'actions' }, this.#cancel, this.#again));
  }

  #name = '';

  /** @param {Task} task @param {Live | undefined} live @param {number} now ms, the hub's */
  update(task, live, now) {
    const { tone, sign, word } = standing(task);
    const [picture, text] = this.#badge.children;
    this.#badge.dataset.tone = tone;
    say(picture, sign);
    say(text, word);
    const kind = kindOf(task.task_type);
    const does = aim(task.task_type, task.about);
    this.#name = `${kind} ${does}`.trim();
    say(this.#link, kind);
    say(this.#aim, does);
    this.#aim.title = does;
    say(this.#id, task.task_id);
    const runs = task.status === 'running';
    say(this.#note, runs ? [live?.stage, live?.percent !== undefined && `${Math.floor(live.percent)} %`].filter(Boolean).join(', ') : task.error ?? '');
    this.#note.hidden = !this.#note.textContent;
    const began = new Date(task.created_at * 1000);
    this.#when.dateTime = began.toISOString();
    this.#when.title = began.toString();
    say(this.#when, ago(now - began.getTime()));
    const { started_at: from, ended_at: to } = task;
    say(this.#took, !from ? '' : to ? took((to - from) * 1000) : elapsed(now - from * 1000));
    this.#offer(this.#cancel, runs);
    this.#offer(this.#again, !runs);
  }

  /** A button that goes while it has the focus leaves that to the row's link. @param {HTMLButtonElement} button @param {boolean} on */
  #offer(button, on) {
    if (button.hidden === !on) return;
    const focused = document.activeElement === button;
    button.hidden = !on;
    if (focused && !on) this.#link.focus();
  }
}

/** @param {string} id @param {() => string} name */
export function cancelButton(id, name) {
  return action('Cancel', () => post(`tasks/${encodeURIComponent(id)}/cancel`), {
    confirm: () => ({ title: `Stop the ${name()}?`, text: 'What it does is ended and cleaned up after. It can be run again.', action: 'Stop it' }),
    name: 'Cancel the task',
  });
}

/** @param {App} app @param {string} id @param {() => string} name */
export function againButton(app, id, name) {
  return action('Run again', async () => {
    const { task_id: next } = await post(`tasks/${encodeURIComponent(id)}/rerun`);
    app.toast(`Started again: ${name()}`);
    app.go(taskHref(app, next));
  }, { title: 'Start a new task that does the same' });
}

/** @param {App} app @param {string} id */
export const taskHref = (app, id) => `${app.root}ui/tasks/${encodeURIComponent(id)}`;
