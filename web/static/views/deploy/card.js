// One run in the list: how it stands, its stages, what became of it, and what
// can be done with it.

import { post } from '../../lib/api.js';
import { el, say } from '../../lib/dom.js';
import { action } from '../../ui/action.js';
import { retryDialog } from './retry.js';
import { ago, isSite, kept, outcome, standing, took } from './run.js';
import { showStages, stageList } from './stages.js';
import { duration } from '../../lib/format.js';

/** @typedef {import('./run.js').Run} Run */

/**
 * @typedef {object} Context what a card needs to know of the rest
 * @property {import('../../app.js').App} app
 * @property {number} now ms
 * @property {Set<string>} serving the ids of the runs whose containers serve
 * @property {(run: Run) => string} address of the site
 * @property {(id: string) => void} started a run was started
 */

export class RunCard extends HTMLElement {
  #badge = el('span', { class: 'badge' });
  #title = el('a', { class: 'site' });
  #what = el('span', { class: 'what mono' });
  #when = el('time', { class: 'soft nums' });
  #stages = stageList();
  #outcome = el('p', { class: 'outcome' });
  #origin = el('p', { class: 'soft' });
  #kept = el('p', { class: 'soft' });
  #actions = el('div', { class: 'actions' });
  #offered = '';

  connectedCallback() {
    if (this.firstChild) return; // moved within the list
    this.role = 'listitem';
    this.append(el('header', {}, this.#badge, this.#title, this.#what, el('span', { class: 'grow' }), this.#when),
      this.#stages, this.#outcome, this.#origin, this.#kept, this.#actions);
  }

  /** @param {Run} run @param {Context} context */
  show(run, context) {
    const { app, now } = context;
    const { tone, sign, word } = standing(run);
    const serves = context.serving.has(run.task_id);
    this.dataset.tone = tone;
    this.#badge.dataset.tone = tone;
    say(this.#badge, `${sign} ${word}`);
    this.#title.href = `${app.root}ui/tasks/${encodeURIComponent(run.task_id)}`;
    this.#title.title = run.task_id;
    say(this.#title, run.site || run.task_id);
    say(this.#what, [run.about?.repo_tag, run.about?.host_port && `port ${run.about.host_port}`].filter(Boolean).join(' → '));
    const total = took(run, now);
    say(this.#when, [ago(run.created_at, now), total !== undefined && duration(total)].filter(Boolean).join(' · '));
    this.#when.dateTime = new Date(run.created_at * 1000).toISOString();
    this.#when.title = new Date(run.created_at * 1000).toLocaleString();
    showStages(this.#stages, run.stages, now);
    say(this.#outcome, `${outcome(run, now)}${serves ? ', and serves now' : ''}`);
    this.#origin.hidden = !run.retry_of && !run.retried_as;
    say(this.#origin, [run.retry_of && `retries ${run.retry_of}`, run.retried_as && `was retried as ${run.retried_as}`].filter(Boolean).join(', '));
    const words = run.status === 'error' ? kept(run, now) : ''; // of what went well the dialog tells it
    this.#kept.hidden = words === '';
    say(this.#kept, words);
    this.#offer(run, context, serves);
  }

  /** The actions are made anew only when others are fit, so that none is lost under a finger. @param {Run} run @param {Context} context @param {boolean} serves */
  #offer(run, context, serves) {
    const { app } = context;
    const offered = [run.status, run.retry_from, run.retried_as, run.kept_until, serves, serves && context.address(run)].join();
    if (this.#offered === offered) return;
    const had = this.#actions.contains(document.activeElement);
    this.#offered = offered;
    this.#actions.replaceChildren();
    const add = (/** @type {Node} */ node) => this.#actions.append(node);
    const link = (/** @type {string} */ text, /** @type {string} */ query) =>
      add(el('a', { class: 'button', href: `${app.root}ui/deploy?${query}=${encodeURIComponent(run.task_id)}` }, text));
    const path = `pipeline/${encodeURIComponent(run.task_id)}/retry`;

    if (serves && run.about?.host_port) add(el('a', { class: 'button', href: context.address(run), target: '_blank', rel: 'noopener noreferrer' }, 'Open the site ↗'));
    if (run.status === 'running') add(cancelButton(run));
    if (run.retry_from) {
      add(action(`Retry from ${run.retry_from}`, async () => context.started((await post(path)).task_id), { class: 'primary', name: `Retry ${run.site} from ${run.retry_from}` }));
    }
    if (run.status !== 'running' && !run.retried_as) {
      add(el('button', { type: 'button', 'aria-label': `Retry ${run.site} from a stage of your choice`, onclick: () => retryDialog(run, context) }, 'Retry from …'));
    }
    if (isSite(run) && run.status !== 'running') link('Deploy again', 'again');
    if (isSite(run) && run.status === 'completed' && !serves) link('Roll back to this', 'rollback');
    add(el('a', { class: 'button', href: this.#title.href }, 'Log'));
    if (had) /** @type {HTMLElement | null} */ (this.#actions.querySelector('a, button'))?.focus();
  }
}

/** @param {Run} run */
const cancelButton = (run) => action('Cancel', () => post(`tasks/${encodeURIComponent(run.task_id)}/cancel`), {
  class: 'danger', name: `Cancel the deploy of ${run.site}`,
  confirm: { title: `Cancel the deploy of ${run.site}?`, text: 'What is under way ends, and what it has started is taken back. What served before serves on.', action: 'Cancel the deploy' },
});

customElements.define('hub-run', RunCard);
