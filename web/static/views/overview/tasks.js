// What runs now and how far it is, and what has ended lately.

import { get, post } from '../../lib/api.js';
import { request } from '../../lib/commands.js';
import { el, say } from '../../lib/dom.js';
import { counted } from '../../lib/format.js';
import { keyed } from '../../ui/keyed.js';
import { whileSeen } from '../containers/seen.js';
import { Activity } from './activity.js';
import { command, links } from './empty.js';
import { EndedRow, RunningRow } from './taskrows.js';
import { tell } from './trouble.js';

/** @typedef {import('../../app.js').App} App */
/** @typedef {import('./activity.js').Task} Task */

const TYPES = ['status', 'stage', 'progress', 'end'];
const WAIT = 250; // ms in which several reasons to read the list are one
const AGAIN = 4_000; // ms after which what failed is tried again
const SHOWN = 6; // of those that have ended
const READ = 40; // of the newest tasks, among which those are looked for
const MOST = 50; // that run and are shown

class HubOverviewTasks extends HTMLElement {
  #activity = new Activity();
  /** @type {Map<string, RunningRow>} */ #rows = new Map();
  /** @type {Map<string, EndedRow>} */ #ended = new Map();
  /** @type {Set<string>} those whose progress so far has been asked for */ #asked = new Set();
  /** @type {App} */ #app = /** @type {any} */ (undefined);
  /** @type {() => void} */ #end = () => {};
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;
  #reading = false;
  #due = false;
  #frame = 0;
  #total = 0;

  #count = el('span', { class: 'soft nums' });
  #trouble = el('div');
  #running = el('ul', { class: 'running', 'aria-label': 'Running tasks' });
  #more = el('p', { class: 'soft', hidden: true });
  #lately = el('h3', { hidden: true }, 'Ended lately');
  #list = el('ul', { class: 'ended', 'aria-label': 'Tasks that have ended lately' });
  #empty = el('div', { class: 'empty', hidden: true });

  /** @param {App} app */
  start(app) {
    this.#app = app;
    const all = el('a', { href: `${app.root}ui/tasks` }, 'All tasks');
    const curl = command(request(app.base, 'GET', 'tasks'), 'as curl');
    this.replaceChildren(
      el('div', { class: 'bar' }, el('h2', {}, 'Tasks'), this.#count, el('span', { class: 'grow' }), all, curl),
      this.#trouble, this.#running, this.#more, this.#empty, this.#lately, this.#list);
    this.#empty.replaceChildren(
      el('p', {}, 'Nothing runs, and nothing has. Builds, pulls, deploys and commands are tasks; this is a command of a moment:'),
      command(request(app.base, 'POST', 'tasks/start', { cmd: 'for i in 1 2 3 4 5; do echo step $i; sleep 1; done' })),
      links(app, [['ui/tasks', 'Run a command'], ['ui/images?build=1', 'Build an image'], ['ui/deploy', 'Deploy a site']]));
    this.#end = whileSeen(() => {
      const events = app.follow('tasks/*', {
        since: 'now', types: TYPES,
        onEvent: (event) => this.#take(event), onEnd: (event) => this.#take(event), onGap: () => this.#soon(),
        onState: ({ name }) => {
          if (name === 'live') this.#soon(0); // for what happened meanwhile
        },
      });
      const clock = setInterval(() => this.#tick(), 1000);
      return () => {
        events.close();
        clearInterval(clock);
        clearTimeout(this.#timer);
        this.#timer = undefined;
        this.#asked.clear();
      };
    });
  }

  stop() {
    this.#end();
    cancelAnimationFrame(this.#frame);
  }

  /** @param {import('../../client.js').HubEvent} event */
  #take(event) {
    if (this.#activity.take(event)) this.#soon();
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paint();
    });
  }

  #soon(wait = WAIT) {
    this.#due = this.#reading;
    if (!this.#reading) this.#timer ??= setTimeout(() => this.#read(), wait);
  }

  async #read() {
    this.#reading = true;
    this.#timer = undefined;
    let again = 0;
    try {
      const [running, newest] = await Promise.all([get('tasks', { status: 'running', limit: MOST }), get('tasks', { limit: READ })]);
      const list = new Map([...newest.tasks, ...running.tasks].map((/** @type {Task} */ task) => [task.task_id, task]));
      this.#total = newest.total;
      say(this.#count, running.total ? `${running.total} running` : '');
      this.#more.hidden = running.total <= MOST;
      say(this.#more, `and ${counted(running.total - MOST, 'task')} more`);
      this.#activity.read([...list.values()]);
      await this.#catchUp();
      this.#trouble.replaceChildren();
    } catch (error) {
      again = AGAIN;
      tell(this.#trouble, error);
    }
    this.#reading = false;
    if (this.#due) this.#soon();
    else if (again) this.#soon(again);
    this.#paint();
  }

  /** Of what runs already, the newest word on how far it is. */
  async #catchUp() {
    const topics = this.#activity.running.filter(({ task_id: id, queued }) => !queued && !this.#asked.has(id)).map(({ task_id: id }) => `tasks/${id}`);
    if (!topics.length) return;
    for (const topic of topics) this.#asked.add(topic.slice('tasks/'.length));
    const { events } = await get(`stream?${topics.map((topic) => `topic=${topic}`).join('&')}`, { types: 'stage,progress', tail: 1, wait: '0s' });
    for (const event of events) if (event.type !== 'end') this.#activity.take(event);
  }

  #paint() {
    const now = this.#app.now();
    const { running } = this.#activity;
    const ended = this.#activity.ended.slice(0, SHOWN);
    rows(this.#running, this.#rows, running, () => new RunningRow(this.#app.root, (task) => this.#cancel(task)),
      (row, task) => row.update(task, this.#activity.progress(task.task_id), now));
    rows(this.#list, this.#ended, ended, () => new EndedRow(this.#app.root), (row, task) => row.update(task, now));
    this.#empty.hidden = running.length + ended.length > 0 || this.#total > 0 || this.#trouble.firstChild !== null;
    this.#lately.hidden = !ended.length;
    this.dispatchEvent(new CustomEvent('tasks', { detail: { running: running.length, total: this.#total } }));
  }

  /** The clocks go on. */
  #tick() {
    if (document.hidden) return;
    const now = this.#app.now();
    for (const row of this.#rows.values()) row.tick(now);
    for (const row of this.#ended.values()) row.tick(now);
  }

  /** @param {Task} task */
  async #cancel({ task_id: id }) {
    await post(`tasks/${encodeURIComponent(id)}/cancel`);
    this.#soon(0);
  }
}

/**
 * @template {{element: HTMLElement}} R
 * @param {HTMLElement} list
 * @param {Map<string, R>} known by the tasks' ids
 * @param {Task[]} tasks
 * @param {() => R} make
 * @param {(row: R, task: Task) => void} update
 */
function rows(list, known, tasks, make, update) {
  keyed(list, tasks, ({ task_id: id }) => id, ({ task_id: id }) => {
    const row = make();
    known.set(id, row);
    return row.element;
  }, (_, task) => update(/** @type {R} */ (known.get(task.task_id)), task));
  const ids = new Set(tasks.map(({ task_id: id }) => id));
  for (const id of known.keys()) if (!ids.has(id)) known.delete(id);
  list.hidden = !tasks.length;
}

customElements.define('hub-overview-tasks', HubOverviewTasks);
export { HubOverviewTasks };
