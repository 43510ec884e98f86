// A task as a row of the overview: one that runs or waits, one that has ended.

import { el, say } from '../../lib/dom.js';
import { duration } from '../../lib/format.js';
import { plain } from '../../lib/plain.js';
import { action } from '../../ui/action.js';
import { elapsed, kindOf, standingOf, subjectOf } from './activity.js';

/** @typedef {import('./activity.js').Task} Task */

const SIGNS = { running: '●', good: '✓', warn: '–', bad: '✗', '': '○' };

/** The parts that both kinds of row begin with. */
class Head {
  badge = el('span', { class: 'badge' });
  kind = el('span', { class: 'kind soft' });
  subject = el('span', { class: 'subject mono' });
  link = el('a', { class: 'what' }, this.kind, ' ', this.subject);

  /** @param {Task} task @param {string} root */
  update(task, root) {
    const { tone, word } = standingOf(task);
    this.badge.dataset.tone = tone;
    say(this.badge, `${SIGNS[tone]} ${word}`);
    say(this.kind, kindOf(task));
    say(this.subject, plain(subjectOf(task)).replaceAll('\n', ' '));
    this.link.href = `${root}ui/tasks/${encodeURIComponent(task.task_id)}`;
    this.link.title = task.task_id;
  }
}

export class RunningRow {
  #head = new Head();
  #root;
  /** @type {Task} */ #task = /** @type {any} */ (undefined);
  #stage = el('span', { class: 'stage soft' });
  #bar = el('progress', { max: 100 });
  #percent = el('span', { class: 'percent nums' });
  #time = el('span', { class: 'time nums', title: 'since it began, by the hub’s clock' });
  #cancel;

  /** @param {string} root @param {(task: Task) => Promise<void>} cancel */
  constructor(root, cancel) {
    this.#root = root;
    this.#cancel = action('Cancel', () => cancel(this.#task), {
      confirm: () => ({ title: `Cancel the ${kindOf(this.#task)} ${subjectOf(this.#task).slice(0, 120)}?`, text: `Task ${this.#task.task_id} is ended, with all that it has started.`, action: 'Cancel the task' }),
    });
    this.element = el('li', {}, this.#head.badge, this.#head.link, this.#stage, this.#bar, this.#percent, this.#time, this.#cancel);
  }

  /** @param {Task} task @param {import('./activity.js').Progress} progress @param {number} now ms */
  update(task, { stage, percent }, now) {
    this.#task = task;
    this.#head.update(task, this.#root);
    const known = !Number.isNaN(percent);
    say(this.#stage, stage);
    this.#bar.hidden = !known;
    say(this.#percent, known ? `${Math.floor(percent)} %` : '');
    if (known) this.#bar.value = percent;
    this.#bar.setAttribute('aria-label', `Progress of the ${kindOf(task)} ${subjectOf(task)}`);
    this.#cancel.setAttribute('aria-label', `Cancel ${task.task_id}`);
    this.tick(now);
  }

  /** @param {number} now ms */
  tick(now) {
    say(this.#time, elapsed(now - (this.#task.started_at ?? this.#task.created_at) * 1000));
  }
}

export class EndedRow {
  #head = new Head();
  #root;
  /** @type {Task} */ #task = /** @type {any} */ (undefined);
  #error = el('span', { class: 'error soft' });
  #took = el('span', { class: 'took nums soft' });
  #when = el('time', { class: 'when nums soft' });

  /** @param {string} root */
  constructor(root) {
    this.#root = root;
    this.element = el('li', {}, this.#head.badge, this.#head.link, this.#error, this.#took, this.#when);
  }

  /** @param {Task} task @param {number} now ms */
  update(task, now) {
    this.#task = task;
    this.#head.update(task, this.#root);
    const { started_at: started = task.created_at, ended_at: ended = started } = task;
    say(this.#error, plain(task.error ?? '').replaceAll('\n', ' '));
    say(this.#took, duration((ended - started) * 1000));
    this.#took.title = 'how long it ran';
    const at = new Date(ended * 1000);
    this.#when.dateTime = at.toISOString();
    this.#when.title = at.toLocaleString();
    this.tick(now);
  }

  /** @param {number} now ms */
  tick(now) {
    const past = now - (this.#task.ended_at ?? 0) * 1000;
    say(this.#when, past < 10_000 ? 'just now' : `${duration(past)} ago`);
  }
}
