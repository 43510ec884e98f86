// What a task does when, read off its events: the stages of a pipeline, the
// steps that the classic builder tells of in lines, the transfer under way, how
// it all ended. A reader who comes late gets the same picture.

import { plain } from './plain.js';
import { Transfer } from './transfer.js';

/** @typedef {import('../stream/cursor.js').HubEvent} HubEvent */
/** @typedef {'waiting' | 'running' | 'completed' | 'error' | 'stopped' | 'skipped'} StepState */

/**
 * @typedef {object} Step a stage of a pipeline, or a step of a build
 * @property {string} key its own within the task
 * @property {string} name
 * @property {string} kind of a stage its kind; of a build's step ""
 * @property {StepState} state
 * @property {boolean} reused it was done in the run that this one retries
 * @property {boolean} cached
 * @property {number} began ms, NaN before
 * @property {number} took ms, NaN until it is over or where nobody knows
 * @property {number} n its first event, 0 before
 * @property {string} error
 * @property {string[]} last what it wrote last
 * @property {Record<string, any>} facts
 * @property {Step[]} steps of a stage that builds
 */

const LAST = 8; // lines kept of a step, for its failure
const CUT = 2_000; // characters of each
const MOST = 1_000; // steps shown: what a build prints may only look like one

const HEAD = /^Step (\d{1,4})\/(\d{1,4}) : (.*)$/;
const CACHED = '---> Using cache';
const BUILT = /^Successfully built [0-9a-f]+$/;
const OWN = ['stage', 'status', 'kind', 'error', 'duration_sec', 'reused', 'ts', 'task', 'task_id'];

export class Timeline {
  type = '';
  /** @type {Record<string, any>} what it was started with */ about = {};
  created = NaN; // ms, as the three after it
  started = NaN;
  ended = NaN;
  position = 0; // in the queue, from 1
  /** @type {Record<string, any> | undefined} the end event's data */ end;
  /** @type {Step[]} */ steps = [];
  /** @type {Transfer | undefined} */ transfer;
  /** What it runs on: the stage that the transfer belongs to. */
  carries = '';

  /** Whether anything is known of the task. */
  get known() {
    return this.type !== '';
  }

  /** What is known from the list of tasks and not told by an event. @param {Record<string, any>} info one of GET /tasks */
  know(info) {
    this.type ||= info.task_type;
    if (Object.keys(this.about).length === 0) this.about = info.about ?? {};
    if (!(this.created <= info.created_at * 1000)) this.created = info.created_at * 1000;
    if (Number.isNaN(this.started) && info.started_at) this.started = info.started_at * 1000;
    this.#plan();
  }

  /** What is known of stages whose events nobody keeps any more. @param {any[]} stages of GET /pipeline/{id} */
  fill(stages) {
    for (const { stage: name, kind, status, started_at: began, duration_sec: took, error, reused } of stages) {
      const step = this.steps.find((each) => each.name === name);
      if (!step || step.n || status === 'waiting') continue;
      Object.assign(step, { kind, state: status, reused: reused === true, error: error ?? '', began: began * 1000 || NaN, took: took * 1000 });
    }
  }

  /** @param {HubEvent} event */
  take(event) {
    const data = event.data ?? {};
    const at = Date.parse(event.time ?? '');
    switch (event.type) {
      case 'status':
        return this.#status(data, at);
      case 'stage':
        return this.#stage(data, at, event.n ?? 0);
      case 'line':
        return this.#line(data, at, event.n ?? 0);
      case 'progress':
        return this.#progress(data, at);
      case 'end':
        return this.#over(data, at);
    }
  }

  /** Those that failed, the innermost, in their order. */
  get failed() {
    return this.steps.flatMap((step) => {
      const inner = step.steps.filter(({ state }) => state === 'error');
      return inner.length ? inner : step.state === 'error' ? [step] : [];
    });
  }

  /** @param {any} data @param {number} at */
  #status(data, at) {
    if (typeof data.task !== 'string' || !['queued', 'running'].includes(data.status)) return; // the run's own words
    if (this.end) Object.assign(this, new Timeline()); // another run of the same id
    const { task, status, position, ...about } = data;
    this.type = task;
    this.about = about;
    if (!(this.created <= at)) this.created = at;
    this.position = status === 'queued' ? position : 0;
    if (status === 'running') this.started = at;
    this.#plan();
  }

  /** The stages that are to come, once it is known which. */
  #plan() {
    const names = this.about.stages;
    if (this.steps.length || !Array.isArray(names)) return;
    this.steps = names.map((name) => newStep(`${name}`, 'waiting'));
  }

  /** @param {any} data @param {number} at @param {number} n */
  #stage(data, at, n) {
    const name = `${data.stage}`;
    let step = this.steps.find((each) => each.key === name);
    if (!step) this.steps.push((step = newStep(name, 'waiting')));
    step.n ||= n;
    step.kind = data.kind ?? name;
    step.facts = Object.fromEntries(Object.entries(data).filter(([key]) => !OWN.includes(key)));
    step.reused = data.reused === true;
    if (data.status === 'starting') {
      Object.assign(step, { state: 'running', began: at, took: NaN, error: '', last: [], steps: [] });
      return;
    }
    if (typeof data.duration_sec === 'number') step.took = data.duration_sec * 1000;
    else if (!step.reused) step.took = at - step.began;
    step.error = typeof data.error === 'string' ? data.error : '';
    finish(step, data.status === 'error' ? 'error' : 'completed', at);
    if (this.carries === name) this.transfer = undefined;
  }

  /** @param {any} data @param {number} at @param {number} n */
  #line(data, at, n) {
    const stage = running(this.steps);
    const text = typeof data.line === 'string' ? plain(data.line.slice(0, CUT)).trimEnd() : '';
    if (!(data.part > 1)) {
      const head = HEAD.exec(text);
      if (head && this.#head(stage, head, at, n)) return;
    }
    const inner = running(stage?.steps ?? []);
    const step = inner ?? stage;
    if (!step) return;
    if (text.trim() === CACHED) step.cached = !step.kind;
    const build = step.kind ? undefined : step;
    if (build && BUILT.test(text)) finish(build, 'completed', at);
    if (!text) return;
    step.last.push(text);
    if (step.last.length > LAST) step.last.shift();
  }

  /**
   * A line that begins a step of a build. What only looks like one, in what a
   * step prints or between two stages, is mostly out of order and does not count.
   * @param {Step | undefined} stage @param {string[]} head @param {number} at @param {number} n
   */
  #head(stage, [, count, of, name], at, n) {
    const within = stage?.kind ? stage : undefined;
    const list = within ? within.steps : this.steps;
    const before = list.at(-1);
    if (Number(count) !== list.length + 1 || (before && before.facts.of !== of) || list.length >= MOST) return false;
    if (before?.state === 'running') finish(before, 'completed', at);
    const key = within ? `${within.key} ${count}` : `step ${count}`;
    list.push({ ...newStep(name, 'running'), key, began: at, n, facts: { count: Number(count), of } });
    return true;
  }

  /** @param {any} data @param {number} at */
  #progress(data, at) {
    if (typeof data.percent !== 'number') return; // a line that is redrawn
    const stage = typeof data.stage === 'string' ? data.stage : '';
    if (!this.transfer || this.carries !== stage) {
      const kind = this.steps.find((step) => step.key === stage)?.kind;
      this.transfer = new Transfer({ steps: this.type === 'docker_build' || kind === 'build' });
      this.carries = stage;
    }
    this.transfer.take(data, at);
  }

  /** @param {any} data @param {number} at */
  #over(data, at) {
    this.end = data;
    this.ended = at;
    this.position = 0;
    const came = data.status === 'completed' && !(Number(data.exit_code) > 0);
    const state = came ? 'completed' : data.status === 'cancelled' || data.outcome === 'interrupted' ? 'stopped' : 'error';
    for (const step of this.steps) {
      if (step.state === 'waiting') step.state = 'skipped';
      else if (step.state === 'running') {
        if (state === 'error') step.error ||= data.error ?? '';
        finish(step, state, at);
      }
    }
  }
}

/** @param {string} name @param {StepState} state @returns {Step} */
const newStep = (name, state) =>
  ({ key: name, name, kind: '', state, reused: false, cached: false, began: NaN, took: NaN, n: 0, error: '', last: [], facts: {}, steps: [] });

/** @param {Step[]} steps */
const running = (steps) => steps.findLast(({ state }) => state === 'running');

/** Ends a step, and what of it still runs. @param {Step} step @param {StepState} state @param {number} at */
function finish(step, state, at) {
  for (const inner of step.steps) if (inner.state === 'running') finish(inner, state, at);
  step.state = state;
  if (Number.isNaN(step.took)) step.took = at - step.began;
  if (state !== 'error') step.last = [];
}
