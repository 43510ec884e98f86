// One task: what it is and how it stands, its timeline, what came of it, and
// its log beside. All of it is read off the events that the log's panel gets.

import { ApiError, get } from '../../lib/api.js';
import { announce, el, say } from '../../lib/dom.js';
import { counted } from '../../lib/format.js';
import { Timeline } from '../../lib/timeline.js';
import '../../log/hub-log-panel.js';
import { problem } from '../../ui/problem.js';
import { Acts } from './acts.js';
import { Bar } from './bar.js';
import { resultOf } from './result.js';
import { taskHref } from './row.js';
import { Steps } from './steps.js';
import { aim, elapsed, isPipeline, kindOf, standingOf, took } from './words.js';

/** @typedef {import('../../app.js').App} App */
/** @typedef {import('../../lib/route.js').Route} Route */
/** @typedef {import('../../client.js').HubEvent} HubEvent */

const QUIET = 5_000; // ms at least between two announcements of steps
const SOON = 2_000; // ms after which a hub that was not reached is asked again
const SAID = ['cmd', 'stages', 'retry_of', 'from']; // of what it was started with; told elsewhere

class HubTask extends HTMLElement {
  /** @type {App | undefined} */ #app;
  #id = '';
  #timeline = new Timeline();
  #away = new AbortController();
  /** @type {import('./acts.js').Retriable | undefined} */ #pipeline;
  #unknown = false; // the hub's list has it not
  /** @type {(() => void) | undefined} */ #again; // what could not be asked, for when the hub is back
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #waits;
  #frame = 0;
  #announced = { at: 0, text: '' };
  /** @type {(() => void)[]} */ #ends = [];

  #kind = el('span', { class: 'kind' });
  #aim = el('span', { class: 'aim' });
  #badge = el('span', { class: 'badge' }, el('span', { 'aria-hidden': 'true' }), el('span'));
  #time = el('span', { class: 'nums soft time' });
  #about = el('p', { class: 'about soft' });
  #given = el('dl', { class: 'given' });
  #started = el('details', { class: 'started', hidden: true }, el('summary', {}, 'Started with'), this.#given);
  #error = el('p', { class: 'cause', hidden: true });
  #bar = new Bar();
  #result = el('div');
  #trouble = el('div');
  #missing = el('div', { class: 'empty', hidden: true });
  /** @type {Acts | undefined} */ #acts;
  /** @type {Steps | undefined} */ #steps;
  #side = el('div', { class: 'side' });
  #panel = /** @type {import('../../log/hub-log-panel.js').HubLogPanel} */ (el('hub-log-panel'));

  /** @param {App} app @param {Route} route */
  show(app, route) {
    const id = route.rest[0];
    if (this.#app && id === this.#id) return this.#follow();
    this.leave();
    this.#begin(app, id);
  }

  leave() {
    this.#away.abort();
    clearTimeout(this.#waits);
    for (const end of this.#ends.splice(0)) end();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#panel.leave();
  }

  /** @param {App} app @param {string} id */
  #begin(app, id) {
    this.#app = app;
    this.#id = id;
    this.#timeline = new Timeline();
    this.#away = new AbortController();
    this.#pipeline = undefined;
    this.#unknown = false;
    this.#again = undefined;
    this.#announced = { at: 0, text: '' };
    const acts = this.#acts = new Acts(app, id, () => this.#name);
    const steps = this.#steps = new Steps((step) => acts.from(step.name));
    for (const part of [this.#result, this.#trouble, this.#given]) part.replaceChildren();
    this.#side.replaceChildren(this.#bar.element, steps.element, this.#result, this.#started, acts.commands);
    this.replaceChildren(
      el('header', {},
        el('a', { class: 'back', href: `${app.root}ui/tasks`, 'aria-label': 'All tasks' }, '‹'),
        el('h1', {}, this.#kind, ' ', this.#aim), this.#badge, this.#time, acts.buttons,
        this.#about, this.#error, this.#trouble, this.#missing),
      this.#side, this.#panel);
    steps.element.addEventListener('click', (event) => this.#point(event));
    const ticking = setInterval(() => !document.hidden && !this.#timeline.end && this.#soon(), 1_000);
    const keys = /** @type {const} */ ([['j', 'next step', () => this.#step(1)], ['k', 'previous step', () => this.#step(-1)],
      [']', 'next failed step', () => this.#fault(1)], ['[', 'previous failed step', () => this.#fault(-1)]]);
    this.#ends.push(() => clearInterval(ticking), ...keys.map(([key, label, run]) => app.keys.add('Task', key, label, run)));
    this.#follow();
    this.#ask();
    this.#soon();
  }

  get #name() {
    const { type, about } = this.#timeline;
    return [kindOf(type), aim(type, about)].filter(Boolean).join(' ') || this.#id;
  }

  #follow() {
    if (!this.#app) return;
    this.#panel.show(this.#app, [`tasks/${this.#id}`], {
      title: this.#name,
      onEvent: (event) => this.#event(event),
      onState: ({ name }) => name === 'live' && this.#again?.(),
    });
  }

  /** @param {unknown} error @param {() => void} again */
  #fails(error, again) {
    this.#again = () => {
      this.#again = undefined;
      this.#trouble.replaceChildren();
      again();
    };
    this.#trouble.replaceChildren(problem(error, this.#again));
    if (error instanceof ApiError && error.status === 0) this.#waits = setTimeout(() => this.#again?.(), SOON);
  }

  /** What the events may no longer tell, and whether there is such a task at all. */
  async #ask() {
    const { signal } = this.#away;
    try {
      const { tasks } = await get('tasks', { limit: 10_000 }, { signal });
      const info = tasks.find((/** @type {any} */ { task_id: id }) => id === this.#id);
      this.#unknown = !info;
      if (info) {
        this.#timeline.know(info);
        this.#follow(); // by its name now
        if (isPipeline(info.task_type)) await this.#askPipeline();
      }
    } catch (error) {
      if (!signal.aborted) this.#fails(error, () => this.#ask());
    }
    if (!signal.aborted) this.#soon();
  }

  async #askPipeline() {
    const pipeline = await get(`pipeline/${encodeURIComponent(this.#id)}`, {}, { signal: this.#away.signal });
    this.#pipeline = pipeline;
    this.#timeline.fill(pipeline.stages);
    this.#soon();
  }

  /** @param {HubEvent} event */
  #event(event) {
    const { known, end } = this.#timeline;
    this.#timeline.take(event);
    if (!known && this.#timeline.known) queueMicrotask(() => this.#follow());
    if (!end && this.#timeline.end) this.#ended();
    if (end && !this.#timeline.end) this.#result.replaceChildren();
    this.#soon();
  }

  async #ended() {
    const { type, about, end } = this.#timeline;
    const { signal } = this.#away;
    try {
      if (isPipeline(type)) await this.#askPipeline();
      let result = end?.result;
      if (result === undefined && end?.status === 'completed') { // too large for an event
        ({ result } = await get(`tasks/status/${encodeURIComponent(this.#id)}`, { limit: 1 }, { signal }));
      }
      const shown = result && this.#app && resultOf(this.#app, type, about, result);
      this.#result.replaceChildren(...(shown ? [shown] : []));
    } catch (error) {
      if (!signal.aborted) this.#fails(error, () => this.#ended());
    }
    if (!signal.aborted) this.#soon();
  }

  #soon() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paint();
    });
  }

  #paint() {
    const { app, timeline } = { app: this.#app, timeline: this.#timeline };
    if (!app) return;
    const gone = this.#unknown && !timeline.known;
    this.classList.toggle('gone', gone);
    this.#missing.hidden = !gone;
    if (gone) this.#tellMissing(app);
    const now = app.now();
    const { type, about, end } = timeline;
    const { tone, sign, word } = standingOf(timeline);
    const runs = timeline.known && !end;
    say(this.#kind, timeline.known ? kindOf(type) : this.#id);
    say(this.#aim, aim(type, about));
    const [picture, text] = this.#badge.children;
    this.#badge.dataset.tone = tone;
    this.#badge.hidden = !timeline.known;
    say(picture, sign);
    say(text, word);
    say(this.#time, this.#clock(now));
    this.#tellAbout(app);
    this.#error.hidden = !end?.error || timeline.failed.some(({ error }) => error === end.error) || timeline.steps.some(({ error }) => error === end.error);
    if (end?.error) say(this.#error, end.error);
    this.#bar.show(timeline.transfer, timeline.ended || now, runs, timeline.carries);
    const retriable = Boolean(end && this.#pipeline?.kept_until && !this.#pipeline.retried_as);
    this.#steps?.show(timeline.steps, now, retriable);
    if (timeline.known) this.#acts?.show(type, runs, this.#pipeline);
    this.classList.toggle('bare', !timeline.steps.length && !timeline.transfer && !this.#result.firstChild);
    if (timeline.known) app.title(this.#name, runs ? 'running' : tone === 'good' ? 'good' : 'bad');
    this.#announce(now);
  }

  /** Elapsed while it runs, by the hub's clock; what it took, at its end. @param {number} now */
  #clock(now) {
    const { started, created, ended, end, known } = this.#timeline;
    if (!known) return '';
    if (Number.isNaN(started)) return end || Number.isNaN(created) ? '' : `for ${elapsed(now - created)}`;
    return end ? `took ${took(ended - started)}` : elapsed(now - started);
  }

  /** @param {App} app */
  #tellAbout(app) {
    const { about, created, known } = this.#timeline;
    const { retried_as: next, retry_of: before = about.retry_of } = this.#pipeline ?? {};
    const key = `${known} ${created} ${next} ${before} ${JSON.stringify(about)}`;
    if (this.#about.dataset.of === key) return;
    this.#about.dataset.of = key;
    const link = (/** @type {string} */ id) => el('a', { href: taskHref(app, id) }, id);
    const date = new Date(created);
    this.#about.replaceChildren(...(known ? [el('code', {}, this.#id)] : []),
      ...(Number.isNaN(created) ? [] : [' started ', el('time', { datetime: date.toISOString(), title: date.toString() }, date.toLocaleString())]),
      ...(before ? [', retries ', link(before)] : []), ...(next ? [', retried as ', link(next)] : []));
    const given = Object.entries(about).filter(([name, value]) => !SAID.includes(name) && value !== null && value !== '' && value !== false);
    if (typeof about.cmd === 'string' && about.cmd.includes('\n')) given.unshift(['cmd', about.cmd]);
    this.#started.hidden = !given.length;
    this.#given.replaceChildren(...given.flatMap(([name, value]) =>
      [el('dt', {}, name.replaceAll('_', ' ')), el('dd', {}, el('code', {}, typeof value === 'string' ? value : JSON.stringify(value)))]));
  }

  /** @param {App} app */
  #tellMissing(app) {
    if (this.#missing.firstChild) return;
    this.#missing.append(
      el('h2', {}, `There is no task ${this.#id}`),
      el('p', {}, 'It has not been started yet, or it ended long ago: finished tasks are kept for a day at first, and none over a restart of the hub (its options tasks_keep and tasks_keep_for say how many and how long). When one of this id is started, it shows here at once.'),
      el('p', {}, el('a', { href: `${app.root}ui/tasks` }, 'To the tasks there are')));
  }

  /** Tells a screen reader which step runs, not too often. @param {number} now */
  #announce(now) {
    const { steps, end } = this.#timeline;
    const at = steps.findIndex(({ state }) => state === 'running');
    if (end || at < 0 || now - this.#announced.at < QUIET) return;
    const text = `Step ${at + 1} of ${counted(steps.length, 'step')}: ${steps[at].name}, running`;
    if (text === this.#announced.text) return;
    this.#announced = { at: now, text };
    announce(text);
  }

  /** A step leads to its first line in the log. @param {MouseEvent} event */
  #point(event) {
    const link = event.target instanceof Element && event.target.closest('a.name');
    const line = link && /^#L(\d+)$/.exec(link.getAttribute('href') ?? '');
    if (!line || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.#panel.point(Number(line[1]));
  }

  /** @param {1 | -1} direction */
  #step(direction) {
    this.#move('a.name[href]', direction);
  }

  /** @param {1 | -1} direction */
  #fault(direction) {
    this.#move('li[data-state="error"] > .line > a.name[href]', direction)?.click();
  }

  /** Moves the focus within the timeline. @param {string} selector @param {1 | -1} direction */
  #move(selector, direction) {
    const links = /** @type {HTMLElement[]} */ ([...this.#steps?.element.querySelectorAll(selector) ?? []]);
    const at = links.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const link = links[at < 0 ? (direction > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + direction))];
    link?.focus();
    return link;
  }
}

customElements.define('hub-task', HubTask);
export { HubTask };
