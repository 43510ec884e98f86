// Deploys: what serves now, the runs of pipelines as they go, and the forms
// that start them. The hub is asked for the runs whenever a stage of one tells
// of itself, so that the page never has another opinion than the hub.

import '../components/hub-copy.js';
import { ApiError, get } from '../lib/api.js';
import { request } from '../lib/commands.js';
import { announce, el, say } from '../lib/dom.js';
import { keyed } from '../ui/keyed.js';
import { problem } from '../ui/problem.js';
import { RunCard } from './deploy/card.js';
import { guide } from './deploy/guide.js';
import { panel, wishOf } from './deploy/panel.js';
import { outcome, standing } from './deploy/run.js';
import { served, showServed } from './deploy/serving.js';

/** @typedef {import('./deploy/run.js').Run} Run */

const PAUSE = 250; // ms at least between two looks at the hub's list
const MOST = 200; // runs asked for

class HubDeploy extends HTMLElement {
  #app = /** @type {import('../app.js').App} */ (/** @type {unknown} */ (undefined));
  #away = new AbortController();
  /** @type {Run[]} */ #runs = [];
  /** @type {import('./deploy/serving.js').Served[]} */ #sites = [];
  /** @type {Map<string, string>} */ #commits = new Map(); // by run
  /** @type {Map<string, string>} */ #hosts = new Map(); // the engine's, by run
  /** @type {Map<string, string>} */ #told = new Map(); // the status of each run, as it was announced
  #total = 0;
  #asked = false; // and answered, both by the hub and by its engine
  #wish = '';
  #fresh = ''; // the run that was started here and is to be shown
  #filter = el('input', { type: 'search', placeholder: 'Filter by site, image or id', 'aria-label': 'Filter the runs', spellcheck: 'false', autocomplete: 'off', oninput: () => this.#refilter() });
  #panel = el('div');
  #trouble = el('div');
  #guide = guide();
  #served = el('ul', { class: 'served' });
  #list = el('div', { class: 'runs', role: 'list' });
  #foot = el('p', { class: 'soft' });
  #servedPart = el('section', { 'aria-label': 'Served now' }, el('h2', {}, 'Served now'), this.#served);
  #runsPart = el('section', { 'aria-label': 'Runs' }, el('div', { class: 'bar' }, el('h2', {}, 'Runs'), el('span', { class: 'grow' }), this.#filter), this.#list, this.#foot);
  /** @type {Promise<void> | undefined} */ #looking;
  #again = false;
  #misses = 0; // looks in a row that did not reach the hub
  /** @type {(() => void)[]} */ #ends = [];

  /** @param {import('../app.js').App} app @param {import('../app.js').Route} route */
  show(app, route) {
    if (!this.#app) this.#begin(app);
    const filter = route.query.get('filter') ?? '';
    if (filter !== this.#filter.value.trim()) this.#filter.value = filter;
    const wish = wishOf(route.query);
    const key = wish ? `${wish.name}=${wish.value}` : '';
    if (key !== this.#wish && !(key === '' && this.#wish === 'first')) this.#open(key, wish);
    this.#render();
  }

  leave() {
    this.#away.abort();
    for (const end of this.#ends) end();
  }

  /** @param {import('../app.js').App} app */
  #begin(app) {
    this.#app = app;
    const copy = /** @type {import('../components/hub-copy.js').HubCopy} */ (el('hub-copy', { label: 'as curl' }));
    copy.command = request(app.base, 'GET', 'pipeline');
    this.append(el('div', { class: 'page' },
      el('header', {}, el('h1', {}, 'Deploy'), el('span', { class: 'grow' }), copy,
        el('a', { class: 'button', href: `${app.root}ui/deploy?new=stages` }, 'Stages of your own'),
        el('a', { class: 'button primary', href: `${app.root}ui/deploy?new=site` }, 'Deploy a site')),
      this.#trouble, this.#guide, this.#panel, this.#servedPart, this.#runsPart));
    for (const part of [this.#guide, this.#servedPart, this.#runsPart]) part.hidden = true;
    const ours = (/** @type {any} */ event) => {
      if (event.type === 'stage' || /pipeline$/.test(event.data?.task ?? '') || this.#told.has(event.topic?.slice('tasks/'.length))) this.#look();
    };
    const look = (/** @type {{name: string}} */ { name }) => name === 'live' && this.#look();
    const tasks = app.follow('tasks/*', { since: 'now', types: ['status', 'stage'], onEvent: ours, onEnd: ours, onGap: () => this.#look(), onState: look });
    const engine = app.follow('docker/events', { since: 'now', types: ['container'], onEvent: ({ data }) => /^(start|die|destroy|rename|pause|unpause)$/.test(data?.action) && this.#look() });
    const clock = setInterval(() => !document.hidden && this.#render(), 1000);
    this.#ends = [() => tasks.close(), () => engine.close(), () => clearInterval(clock)];
    this.#look();
  }

  /** Asks the hub; while it is being asked, once more afterwards. */
  #look() {
    this.#again = true;
    this.#looking ??= (async () => {
      while (this.#again && !this.#away.signal.aborted) {
        this.#again = false;
        await this.#ask();
        await new Promise((resolve) => setTimeout(resolve, PAUSE));
      }
      this.#looking = undefined;
    })();
  }

  async #ask() {
    const { signal } = this.#away;
    const [list, containers] = await Promise.allSettled([get('pipeline', { limit: MOST }, { signal }), get('docker/containers', { all: true }, { signal })]);
    if (signal.aborted) return;
    if (list.status === 'fulfilled') [this.#runs, this.#total] = [list.value.pipelines, list.value.total];
    if (containers.status === 'fulfilled') this.#sites = served(containers.value);
    if (list.status === 'fulfilled' && containers.status === 'fulfilled') this.#asked = true;
    const failed = [list, containers].find((answer) => answer.status === 'rejected');
    this.#tell(failed?.reason);
    await this.#learn(signal).catch(() => {}); // the next look asks again
    if (signal.aborted) return;
    this.#announce();
    this.#render();
    if (this.#empty && !this.#wish) this.#open('first', { name: 'new', value: 'first' }, false);
  }

  /**
   * A browser on the engine's machine drops its requests whenever a container
   * gets its network, so a hub that is not reached is asked again before that is
   * told.
   * @param {unknown} error
   */
  #tell(error) {
    const unreached = error instanceof ApiError && error.status === 0;
    this.#misses = unreached ? this.#misses + 1 : 0;
    if (unreached && this.#misses < 4) return this.#look();
    this.#trouble.replaceChildren(...(error ? [problem(error, () => this.#look())] : []));
  }

  /** Whether nothing was ever deployed here, as far as the hub knows. */
  get #empty() {
    return this.#asked && !this.#runs.length && !this.#sites.length;
  }

  /** Asks for what only a run by itself tells: the commit that serves, and the engine's host. @param {AbortSignal} signal */
  async #learn(signal) {
    const ended = this.#runs.filter(({ task_id: id, status }) => status !== 'running' && !this.#commits.has(id) && this.#sites.some(({ task }) => task === id));
    await Promise.all(ended.map(async ({ task_id: id }) => {
      /** @type {Run} */ const run = await get(`pipeline/${encodeURIComponent(id)}`, {}, { signal });
      const facts = (/** @type {string} */ kind) => run.stages.find((stage) => stage.kind === kind)?.facts;
      this.#commits.set(id, facts('clone')?.commit ?? '');
      const url = facts('probe')?.url;
      if (url && URL.canParse(url)) this.#hosts.set(id, new URL(url).hostname);
    }));
  }

  /** Where a site is: on the engine's host, which is this hub's unless a run says otherwise. @param {string} port @param {string} id of the run */
  #siteAt(port, id) {
    const host = this.#hosts.get(id) ?? 'localhost';
    return `http://${host === 'localhost' ? location.hostname : host}:${port}/`;
  }

  #announce() {
    for (const run of this.#runs) {
      const before = this.#told.get(run.task_id);
      this.#told.set(run.task_id, run.status);
      if (before === 'running' && run.status !== 'running') announce(`${run.site}: ${outcome(run, this.#app.now())}`);
    }
    const own = this.#runs.find(({ task_id: id }) => id === this.#fresh);
    const running = this.#runs.some(({ status }) => status === 'running');
    this.#app.title('deploy', running ? 'running' : own && (own.status === 'completed' ? 'good' : 'bad'));
  }

  /** @param {string} key @param {ReturnType<typeof wishOf>} wish @param {boolean} [focus] whether the reader has asked for it */
  async #open(key, wish, focus = true) {
    this.#wish = key;
    this.#panel.replaceChildren();
    if (!wish) return;
    const shown = await panel(wish, { base: this.#app.base, root: this.#app.root, started: this.#started }, this.#away.signal);
    if (this.#wish !== key || this.#away.signal.aborted) return;
    this.#panel.replaceChildren(shown);
    if (focus) shown.querySelector('h2')?.focus();
  }

  /** @param {string} id of the run */
  #started = (id) => {
    this.#fresh = id;
    announce('Started');
    this.#open('', undefined);
    this.#app.go(`${this.#app.root}ui/deploy`);
    this.#look();
  };

  #refilter() {
    const filter = this.#filter.value.trim();
    const query = new URLSearchParams(location.search);
    if (filter) query.set('filter', filter);
    else query.delete('filter');
    this.#app.replace(`${this.#app.root}ui/deploy${query.size ? `?${query}` : ''}`);
  }

  #render() {
    const now = this.#app.now();
    this.#guide.hidden = !this.#empty;
    this.#runsPart.hidden = !this.#runs.length;
    this.#servedPart.hidden = !this.#sites.length;
    const siteAt = (/** @type {string} */ port, /** @type {string} */ id) => this.#siteAt(port, id);
    showServed(this.#served, this.#sites, { app: this.#app, runs: this.#runs, commits: this.#commits, now, siteAt });
    const wanted = this.#filter.value.trim().toLowerCase();
    const fits = this.#runs.filter((run) => `${run.site} ${run.about?.repo_tag ?? ''} ${run.task_id} ${standing(run).word}`.toLowerCase().includes(wanted));
    const context = {
      app: this.#app, now, started: this.#started,
      serving: new Set(this.#sites.filter(({ status }) => status === 'running').map(({ task }) => task)),
      address: (/** @type {Run} */ run) => siteAt(`${run.about?.host_port}`, run.task_id),
    };
    keyed(this.#list, fits, ({ task_id: id }) => id, (run) => this.#card(run), (card, run) => card.show(run, context));
    const more = this.#total - this.#runs.length;
    say(this.#foot, [!fits.length && 'No run fits the filter.', more > 0 && `${more} older ones are not listed.`].filter(Boolean).join(' '));
  }

  /** A run that was started here has the focus once, since the form that had it is gone. @param {Run} run */
  #card(run) {
    const card = new RunCard();
    if (run.task_id === this.#fresh) requestAnimationFrame(() => card.querySelector('a')?.focus());
    return card;
  }
}

customElements.define('hub-deploy', HubDeploy);
export { HubDeploy };
