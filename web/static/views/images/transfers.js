// Pulls and pushes under way, each with its bar; those of other pages and of
// before a reload, too. One that has ended stays until it is put away.

import { get, post } from '../../lib/api.js';
import { announce, el, say } from '../../lib/dom.js';
import { Transfer } from '../../lib/transfer.js';
import { action } from '../../ui/action.js';
import { Bar } from '../tasks/bar.js';
import { aim } from '../tasks/words.js';
import { partsOf, wantsLogin } from './words.js';

/** @typedef {import('../../app.js').App} App */

/** @type {Record<string, {kind: 'Pull' | 'Push', done: string}>} */
const KINDS = { docker_pull: { kind: 'Pull', done: 'Pulled' }, docker_push: { kind: 'Push', done: 'Pushed' } };
const TICK = 1_000; // ms between two looks at speed and time left

export class Transfers {
  #app;
  #login;
  /** @type {Map<string, Entry>} */ #entries = new Map();
  element = el('section', { class: 'transfers', 'aria-label': 'Pulls and pushes' });
  #left = false;
  #timer = setInterval(() => {
    if (!document.hidden) for (const entry of this.#entries.values()) entry.paint();
  }, TICK);

  /** @param {App} app @param {(registry: string) => string} login the address of the form for a registry */
  constructor(app, login) {
    this.#app = app;
    this.#login = login;
    this.#find();
  }

  /** Follows a task. @param {string} id @param {string} type @param {string} name the image's */
  add(id, type, name) {
    if (this.#entries.has(id)) return;
    const entry = new Entry(this.#app, id, type, name, this.#login, () => this.#entries.delete(id));
    this.#entries.set(id, entry);
    this.element.prepend(entry.element);
  }

  leave() {
    this.#left = true;
    clearInterval(this.#timer);
    for (const entry of this.#entries.values()) entry.leave();
  }

  async #find() {
    for (const type of Object.keys(KINDS)) {
      const { tasks } = await get('tasks', { type, status: 'running' }).catch(() => ({ tasks: [] }));
      if (this.#left) return;
      for (const { task_id: id, about } of tasks) this.add(id, type, aim(type, about));
    }
  }
}

class Entry {
  #app;
  #name;
  #kind;
  #login;
  #transfer = new Transfer();
  #bar = new Bar();
  #word = el('span', { class: 'badge' });
  #error = el('p', { class: 'error', hidden: true });
  #subscription;
  #cancel;
  #close;
  #runs = true;
  #frame = 0;
  element;

  /** @param {App} app @param {string} id @param {string} type @param {string} name @param {(registry: string) => string} login @param {() => void} gone */
  constructor(app, id, type, name, login, gone) {
    this.#app = app;
    this.#name = name;
    this.#kind = KINDS[type];
    this.#login = login;
    this.#cancel = action('Cancel', () => post(`tasks/${encodeURIComponent(id)}/cancel`), { name: `Cancel the ${this.#kind.kind.toLowerCase()} of ${name}` });
    this.#close = el('button', { type: 'button', class: 'quiet', 'aria-label': `Put away the ${this.#kind.kind.toLowerCase()} of ${name}`, hidden: true, onclick: () => {
      this.leave();
      this.element.remove();
      gone();
    } }, '×');
    this.element = el('article', {}, el('header', {}, el('b', {}, `${this.#kind.kind} `, el('span', { class: 'mono' }, name)), this.#word,
      el('a', { href: `${app.root}ui/tasks/${encodeURIComponent(id)}` }, 'as a task'), el('span', { class: 'grow' }), this.#cancel, this.#close), this.#bar.element, this.#error);
    this.#bar.element.querySelector('details')?.setAttribute('open', ''); // the layers are what one watches here
    this.#say('running', '● waiting');
    this.#subscription = app.follow(`tasks/${id}`, {
      since: 'all',
      onEvent: ({ type: kind, data, time }) => {
        if (kind === 'progress' && typeof data?.percent === 'number') this.#transfer.take(data, Date.parse(time ?? ''));
        if (this.#runs) this.#say('running', '● running');
        this.#frame ||= requestAnimationFrame(() => this.paint());
      },
      onEnd: ({ data }) => this.#end(data ?? {}),
    });
  }

  leave() {
    this.#subscription.close();
    cancelAnimationFrame(this.#frame);
  }

  paint() {
    this.#frame = 0;
    const begun = this.#transfer.layers.size || this.#transfer.percent > 0;
    this.#bar.show(begun ? this.#transfer : undefined, this.#app.now(), this.#runs, '');
  }

  /** @param {{status?: string, outcome?: string, error?: string}} end */
  #end({ status, outcome, error }) {
    this.#runs = false;
    const [tone, word] = status === 'completed' ? ['good', `✓ ${this.#kind.done.toLowerCase()}`] : status === 'cancelled' || outcome === 'interrupted' ? ['warn', `⊘ ${outcome ?? status}`] : ['bad', '✗ failed'];
    this.#say(tone, word);
    announce(`${this.#kind.kind} of ${this.#name}: ${word.slice(2)}`);
    this.#cancel.hidden = true;
    this.#close.hidden = false;
    this.#error.hidden = !error;
    if (error) {
      this.#error.replaceChildren(error);
      if (wantsLogin(error)) this.#error.append(' ', el('a', { href: this.#login(partsOf(this.#name).registry) }, 'Log in to the registry'));
    }
    this.paint();
  }

  /** @param {string} tone @param {string} word */
  #say(tone, word) {
    this.#word.dataset.tone = tone;
    say(this.#word, word);
  }
}
