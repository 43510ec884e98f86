// The list of tasks, newest first, as it changes: the hub is asked for it when
// an event says that something began or ended; what runs ticks by itself.

import '../../components/hub-copy.js';
import { ApiError, get } from '../../lib/api.js';
import { request } from '../../lib/commands.js';
import { el, say } from '../../lib/dom.js';
import { count, counted } from '../../lib/format.js';
import { dialog } from '../../ui/dialog.js';
import { keyed } from '../../ui/keyed.js';
import { problem } from '../../ui/problem.js';
import { commandForm } from './command.js';
import { Row, taskHref } from './row.js';
import { aim, KINDS, kindOf } from './words.js';

/** @typedef {import('../../app.js').App} App */
/** @typedef {import('../../lib/route.js').Route} Route */
/** @typedef {import('./row.js').Task} Task */

const MOST = 500; // tasks asked for
const PAUSE = 300; // ms at least between two looks at the list, and between two paintings
const SOON = 2_000; // ms after which a hub that was not reached is asked again
const STATES = [['', 'any state'], ['running', 'running or waiting'], ['queued', 'waiting'], ['completed', 'completed'], ['error', 'not completed'], ['cancelled', 'cancelled'], ['rolled_back', 'rolled back'], ['interrupted', 'interrupted']];

class HubTaskList extends HTMLElement {
  /** @type {App | undefined} */ #app;
  #away = new AbortController();
  #ask = { q: '', status: '', type: '' };
  /** @type {Task[] | undefined} */ #tasks;
  #total = 0;
  /** @type {Map<string, import('./row.js').Live>} */ #live = new Map();
  /** @type {WeakMap<HTMLElement, Row>} */ #rows = new WeakMap();
  #asking = false;
  #stale = false;
  /** @type {Map<string, ReturnType<typeof setTimeout>>} */ #timers = new Map();
  /** @type {(() => void)[]} */ #ends = [];

  #q = el('input', { type: 'search', placeholder: 'Filter by command, tag, id …', 'aria-label': 'Filter the tasks', spellcheck: 'false', autocomplete: 'off', oninput: () => this.#want({ q: this.#q.value }) });
  #status = choice('State', STATES, (status) => this.#want({ status }));
  #type = choice('Kind', [['', 'any kind'], ...Object.entries(KINDS)], (type) => this.#want({ type }));
  #figures = el('span', { class: 'soft nums' });
  #curl = /** @type {import('../../components/hub-copy.js').HubCopy} */ (el('hub-copy', { label: 'as curl' }));
  #trouble = el('div');
  #nothing = el('div', { class: 'empty', hidden: true });
  #body = el('tbody');
  #table = el('table', { class: 'table tasks', hidden: true }, el('thead', {}, el('tr', {},
    ...['State', 'Task', 'Id', 'Started', 'Took'].map((name) => el('th', { scope: 'col', class: name === 'Took' && 'num' }, name)),
    el('th', { class: 'actions' }, el('span', { class: 'unseen' }, 'Actions')))), this.#body);

  /** @param {App} app @param {Route} route */
  show(app, route) {
    const { q, status, type } = this.#ask;
    this.#ask = { q: route.query.get('q') ?? '', status: route.query.get('status') ?? '', type: route.query.get('type') ?? '' };
    if (!this.#app) return this.#begin(app);
    this.#tellAsk();
    if (this.#ask.status !== status || this.#ask.type !== type) this.#refresh();
    else if (this.#ask.q !== q) this.#paint();
  }

  leave() {
    this.#away.abort();
    for (const end of this.#ends.splice(0)) end();
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  /** @param {App} app */
  #begin(app) {
    this.#app = app;
    app.title('Tasks');
    const run = el('button', { type: 'button', class: 'primary', onclick: () => this.#offerRun() }, 'Run a command');
    this.replaceChildren(el('div', { class: 'page' },
      el('header', {}, el('h1', {}, 'Tasks'), this.#figures, el('span', { class: 'grow' }), this.#curl, run),
      el('div', { class: 'bar' }, this.#q, this.#status, this.#type),
      this.#trouble, this.#nothing, this.#table));
    this.#tellAsk();
    const changed = () => this.#later('ask', () => this.#refresh());
    const subscription = app.follow('tasks/*', {
      since: 'now',
      types: ['status', 'stage', 'progress', 'end'],
      onEvent: (event) => this.#event(event, changed),
      onEnd: (event) => {
        this.#live.delete(idOf(event));
        changed();
      },
      onGap: changed,
      onState: ({ name }) => name === 'live' && this.#refresh(), // what has happened meanwhile, too
    });
    const ticking = setInterval(() => this.#tick(), 1_000);
    this.#ends.push(() => subscription.close(), () => clearInterval(ticking),
      app.keys.add('Tasks', 'j', 'next task', () => this.#step(1)),
      app.keys.add('Tasks', 'k', 'previous task', () => this.#step(-1)),
      app.keys.add('Tasks', '/', 'filter', () => this.#q.focus()),
      app.keys.add('Tasks', 'c', 'run a command', () => this.#offerRun()));
    this.#refresh();
  }

  /** @param {import('../../client.js').HubEvent} event @param {() => void} changed */
  #event(event, changed) {
    const { type, data } = event;
    if (type === 'status') return changed();
    const id = idOf(event);
    const live = this.#live.get(id) ?? {};
    if (type === 'stage') live.stage = data.stage;
    else if (typeof data.percent === 'number') Object.assign(live, { percent: data.percent, stage: data.stage ?? live.stage });
    else return;
    this.#live.set(id, live);
    this.#later('paint', () => this.#paint());
  }

  /** Does it once within a while. @param {string} what @param {() => void} run @param {number} [wait] ms */
  #later(what, run, wait = PAUSE) {
    if (this.#timers.has(what)) return;
    this.#timers.set(what, setTimeout(() => {
      this.#timers.delete(what);
      run();
    }, wait));
  }

  async #refresh() {
    if (this.#asking) {
      this.#stale = true;
      return;
    }
    this.#asking = true;
    this.#stale = false;
    const { status, type } = this.#ask;
    try {
      const { tasks, total } = await get('tasks', { status, type, limit: MOST }, { signal: this.#away.signal });
      this.#trouble.replaceChildren();
      [this.#tasks, this.#total] = [tasks, total];
    } catch (error) {
      if (this.#away.signal.aborted) return;
      this.#trouble.replaceChildren(problem(error, () => this.#refresh()));
      if (error instanceof ApiError && error.status === 0) this.#later('again', () => this.#refresh(), SOON);
    }
    this.#asking = false;
    if (this.#away.signal.aborted) return;
    this.#paint();
    if (this.#stale || this.#ask.status !== status || this.#ask.type !== type) this.#refresh();
  }

  #paint() {
    const app = this.#app;
    if (!app || !this.#tasks) return;
    const now = app.now();
    const shown = this.#tasks.filter((task) => fits(task, this.#ask.q));
    keyed(this.#body, shown, ({ task_id: id }) => id, ({ task_id: id }) => {
      const row = new Row(app, id, taskHref(app, id));
      this.#rows.set(row.element, row);
      return row.element;
    }, (element, task) => this.#rows.get(element)?.update(task, this.#live.get(task.task_id), now));
    const cut = this.#total > this.#tasks.length ? `the newest ${count(this.#tasks.length)} of ${count(this.#total)}` : counted(this.#total, 'task');
    say(this.#figures, shown.length < this.#tasks.length ? `${count(shown.length)} of ${cut}` : cut);
    this.#table.hidden = !shown.length;
    this.#nothing.hidden = shown.length > 0;
    if (!shown.length) this.#teach(app);
  }

  #tick() {
    if (document.hidden || !this.#tasks) return;
    if (this.#tasks.some(({ status }) => status === 'running') || new Date().getSeconds() % 30 === 0) this.#paint();
  }

  /** What an empty list says: how to fill it. @param {App} app */
  #teach(app) {
    const asked = Boolean(this.#ask.q || this.#ask.status || this.#ask.type);
    if (this.#nothing.dataset.asked === `${asked}`) return;
    this.#nothing.dataset.asked = `${asked}`;
    if (asked) {
      this.#nothing.replaceChildren(el('h2', {}, 'No task fits'), el('p', {}, 'Tasks there may be, but none of these words, this state and this kind. '),
        el('p', {}, el('button', { type: 'button', onclick: () => this.#want({ q: '', status: '', type: '' }) }, 'Show all')));
      return;
    }
    const copy = /** @type {import('../../components/hub-copy.js').HubCopy} */ (el('hub-copy', { shown: true }));
    copy.command = request(app.base, 'POST', 'tasks/start', { cmd: 'for i in 1 2 3; do date; sleep 1; done' });
    this.#nothing.replaceChildren(el('h2', {}, 'No tasks yet'),
      el('p', {}, 'Whatever takes a while is a task: a command, a build, a pull, a deploy. Each has a log, which can be watched here or with curl. Begin with a command:'),
      copy,
      el('p', {}, 'or ', el('button', { type: 'button', onclick: () => this.#offerRun() }, 'type one'), '. ',
        el('a', { href: `${app.root}ui/images` }, 'Pull or build an image'), ' or ', el('a', { href: `${app.root}ui/deploy` }, 'deploy a site'), ', and it shows here, too.'));
  }

  #offerRun() {
    const box = dialog('Run a command', commandForm((id) => {
      box.close();
      if (this.#app) this.#app.go(taskHref(this.#app, id));
    }));
    box.querySelector('textarea')?.focus();
  }

  /** Asks for other tasks, and lets the address say so. @param {Partial<{q: string, status: string, type: string}>} change */
  #want(change) {
    const wanted = Object.entries({ ...this.#ask, ...change }).filter(([, value]) => value);
    const query = `${new URLSearchParams(wanted)}`;
    this.#app?.replace(location.pathname + (query && `?${query}`));
  }

  #tellAsk() {
    const { q, status, type } = this.#ask;
    if (this.#q.value !== q) this.#q.value = q;
    this.#status.value = status;
    this.#type.value = type;
    const query = `${new URLSearchParams(Object.entries({ status, type }).filter(([, value]) => value))}`;
    if (this.#app) this.#curl.command = request(this.#app.base, 'GET', `tasks${query && `?${query}`}`);
  }

  /** @param {1 | -1} direction */
  #step(direction) {
    const links = /** @type {HTMLElement[]} */ ([...this.#body.querySelectorAll('a.name')]);
    const at = links.findIndex((link) => link.closest('tr')?.contains(document.activeElement));
    links[at < 0 ? 0 : Math.min(links.length - 1, Math.max(0, at + direction))]?.focus();
  }
}

/** @param {Task} task @param {string} q */
function fits({ task_id: id, task_type: type, about, error }, q) {
  const text = `${id} ${kindOf(type)} ${aim(type, about)} ${error ?? ''}`.toLowerCase();
  return q.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

/** @param {import('../../client.js').HubEvent} event */
const idOf = ({ topic = '' }) => topic.slice('tasks/'.length);

/** @param {string} label @param {string[][]} options @param {(value: string) => void} chosen */
function choice(label, options, chosen) {
  const select = el('select', { 'aria-label': label, onchange: () => chosen(select.value) },
    ...options.map(([value, word]) => el('option', { value }, word)));
  return select;
}

customElements.define('hub-task-list', HubTaskList);
export { HubTaskList };
