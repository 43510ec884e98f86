// One row of the list of images: a name, who uses it, what can be done with it.

import { ApiError, post } from '../../lib/api.js';
import { request } from '../../lib/commands.js';
import { el, say } from '../../lib/dom.js';
import { bytes, counted } from '../../lib/format.js';
import { action } from '../../ui/action.js';
import '../../components/hub-copy.js';
import { keyed } from '../../ui/keyed.js';
import { problem } from '../../ui/problem.js';
import { ago } from '../tasks/words.js';
import { short } from './words.js';

/** @typedef {import('../../app.js').App} App */
/** @typedef {import('./words.js').Entry} Entry */

export class Row {
  #app;
  #entry;
  #changed;
  #size = el('td', { class: 'num size' });
  #created = el('time');
  #users = el('td', { class: 'users' });
  #tag = el('a', { class: 'button' }, 'Tag');
  #push = el('a', { class: 'button' }, 'Push');
  element;

  /**
   * @param {App} app
   * @param {Entry} entry
   * @param {(form: 'tag' | 'push', name: string) => string} href of a form
   * @param {() => void} changed called when the image is gone
   */
  constructor(app, entry, href, changed) {
    this.#app = app;
    this.#entry = entry;
    this.#changed = changed;
    const { id, name, ref } = entry;
    const run = el('a', { class: 'button', href: `${app.root}ui/containers?run=${encodeURIComponent(ref)}` }, 'Run');
    const what = name || short(id);
    this.#tag.href = href('tag', ref);
    this.#push.href = href('push', name);
    this.#push.hidden = !name;
    for (const [link, word] of /** @type {[HTMLElement, string][]} */ ([[run, 'Run'], [this.#tag, 'Tag'], [this.#push, 'Push']])) link.setAttribute('aria-label', `${word} ${what}`);
    this.element = el('tr', {},
      el('td', { class: 'what' }, name ? el('span', { class: 'name mono', title: name }, name) : el('span', { class: 'soft' }, 'no name'), ' ',
        el('code', { class: 'id soft', title: id }, short(id))),
      this.#size,
      el('td', { class: 'when soft' }, this.#created),
      this.#users,
      el('td', { class: 'actions' }, run, ' ', this.#tag, ' ', this.#push, ' ',
        action('Remove', () => this.#remove(false), { name: `Remove ${what}`, confirm: () => this.#question() })));
  }

  /** @param {Entry} entry @param {number} now ms, the hub's */
  update(entry, now) {
    this.#entry = entry;
    say(this.#size, bytes(entry.size));
    const created = new Date(entry.created);
    this.#created.dateTime = entry.created;
    this.#created.title = created.toString();
    say(this.#created, created.getTime() > 0 ? ago(now - created.getTime()) : ''); // reproducible builds have a time of nothing
    keyed(this.#users, entry.users, ({ name }) => name, ({ name }) => el('a', { href: this.#container(name) }, name),
      (link, { status }) => link.setAttribute('title', status));
  }

  /** @param {string} name */
  #container(name) {
    return `${this.#app.root}ui/containers/${encodeURIComponent(name)}/log`;
  }

  #question() {
    const { id, name, ref, names, size, users } = this.#entry;
    const curl = /** @type {import('../../components/hub-copy.js').HubCopy} */ (el('hub-copy', { label: 'as curl' }));
    curl.command = request(this.#app.base, 'POST', 'docker/rmi', { id_or_name: ref });
    const fate = names > 1 && name ? `The image ${short(id)} stays under ${counted(names - 1, 'other name')}.` : `The image ${short(id)} goes with it: ${bytes(size)}, less what other images share.`;
    const used = users.length ? [el('p', {}, `${counted(users.length, 'container')} of it: ${users.map((user) => user.name).join(', ')}.`)] : [];
    return { title: `Remove ${name || `image ${short(id)}`}?`, text: el('div', {}, el('p', {}, fate), ...used, el('p', {}, curl)), action: 'Remove' };
  }

  /** @param {boolean} force */
  async #remove(force) {
    const { ref } = this.#entry;
    try {
      await post('docker/rmi', { id_or_name: ref, ...(force && { force }) });
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 409)) throw error;
      return this.#app.toast(this.#conflict(error, this.#entry.users, force));
    }
    this.#changed();
  }

  /** Why it stays, with the way to those who use it. @param {ApiError} error @param {Entry['users']} users @param {boolean} forced */
  #conflict(error, users, forced) {
    const box = problem(error);
    if (users.length) box.append(el('p', {}, 'To them: ', ...users.flatMap(({ name }, i) => [i ? ', ' : '', el('a', { href: this.#container(name) }, name)])));
    // Whether force would help the hub knows better than a list that may be a moment old.
    if (!forced && /use force|must be forced/.test(error.message)) box.append(action('Remove anyway', async () => {
      await this.#remove(true);
      box.closest('.toast')?.remove();
    }, { class: 'danger' }));
    return box;
  }
}
