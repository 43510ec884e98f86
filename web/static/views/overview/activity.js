// The hub's tasks as the overview has them: what runs and how far it is, what
// has ended lately. The list says what there is, events what changes. No
// document here.

/**
 * As the hub lists it; times are Unix seconds.
 * @typedef {object} Task
 * @property {string} task_id
 * @property {string} task_type
 * @property {string} status running (also while it waits), completed or error
 * @property {string} [outcome]
 * @property {boolean} [queued]
 * @property {number} [position]
 * @property {number} [exit_code]
 * @property {string} [error]
 * @property {number} created_at
 * @property {number} [started_at]
 * @property {number} [ended_at]
 * @property {Record<string, any>} [about] what it was started with
 */
/** @typedef {{n: number, stage: string, percent: number}} Progress percent is NaN where nothing is known of it */
/** @typedef {{tone: 'running' | 'good' | 'warn' | 'bad' | '', word: string}} Standing */

export class Activity {
  /** @type {Map<string, Task>} */ #tasks = new Map();
  /** @type {Map<string, Progress>} */ #progress = new Map();

  /** What the hub says there is now. @param {Task[]} list */
  read(list) {
    const known = this.#tasks;
    this.#tasks = new Map(list.map((task) => {
      const before = known.get(task.task_id);
      // An answer that was under way while the end came is older than the end.
      const old = before?.ended_at !== undefined && task.ended_at === undefined && task.created_at <= before.created_at;
      return [task.task_id, before && old ? before : task];
    }));
    for (const id of this.#progress.keys()) if (this.#tasks.get(id)?.status !== 'running') this.#progress.delete(id);
  }

  /**
   * @param {import('../../stream/cursor.js').HubEvent} event of a topic tasks/{id}
   * @returns {boolean} whether the list must be read again
   */
  take({ topic = '', type, n = 0, data, time }) {
    const id = topic.slice('tasks/'.length);
    if (type === 'end') {
      const task = this.#tasks.get(id);
      if (task) this.#tasks.set(id, { ...task, ...data, queued: false, outcome: data.outcome ?? data.status, status: data.status === 'completed' ? 'completed' : 'error', ended_at: Date.parse(time ?? '') / 1000 });
      this.#progress.delete(id);
      return true;
    }
    if (type === 'status') return true;
    const known = this.#progress.get(id) ?? { n: 0, stage: '', percent: NaN };
    if (n > known.n) {
      const percent = typeof data?.percent === 'number' ? data.percent : known.percent;
      this.#progress.set(id, { n, percent, stage: typeof data?.stage === 'string' ? data.stage : known.stage });
    }
    return false;
  }

  /** Those that run, the newest first, then those that wait. */
  get running() {
    const all = [...this.#tasks.values()].filter(({ status }) => status === 'running');
    return all.sort((a, b) => (a.position ?? 0) - (b.position ?? 0) || b.created_at - a.created_at);
  }

  /** Those that have ended, the latest first. */
  get ended() {
    return [...this.#tasks.values()].filter(({ status }) => status !== 'running').sort((a, b) => (b.ended_at ?? 0) - (a.ended_at ?? 0));
  }

  /** @param {string} id @returns {Progress} */
  progress(id) {
    return this.#progress.get(id) ?? { n: 0, stage: '', percent: NaN };
  }
}

const KINDS = /** @type {Record<string, string>} */ ({
  generic_task: 'command', docker_build: 'build', docker_exec: 'exec', docker_pull: 'pull', docker_push: 'push', docker_save: 'save', docker_load: 'load',
  html_site_pipeline: 'deploy', pipeline: 'pipeline',
});

/** What kind of work it is, in a word. @param {Task} task */
export const kindOf = ({ task_type: type }) => KINDS[type] ?? type.replace(/^docker_/, '').replaceAll('_', ' ');

/** What it works on. @param {Task} task */
export function subjectOf({ task_id: id, about = {} }) {
  const command = Array.isArray(about.cmd) ? about.cmd.join(' ') : about.cmd;
  const image = about.name && about.tag ? `${about.name}:${about.tag}` : about.name;
  const words = about.container && command ? `${about.container}: ${command}` : command;
  return String(words || about.repo_tag || about.dockerhub_repo || image || about.tag || about.site || about.tar_path || about.git_url || about.repo_url || id);
}

/** How it stands, in a word. @param {Task} task @returns {Standing} */
export function standingOf({ status, outcome, queued, position, exit_code: code }) {
  if (queued) return { tone: '', word: position ? `waits, number ${position}` : 'waits' };
  if (status === 'running') return { tone: 'running', word: 'running' };
  if (status === 'completed') return code ? { tone: 'bad', word: `exit code ${code}` } : { tone: 'good', word: 'completed' };
  if (outcome === 'cancelled' || outcome === 'interrupted') return { tone: 'warn', word: outcome };
  return { tone: 'bad', word: outcome === 'rolled_back' ? 'rolled back' : 'failed' };
}

/** 0:07, 12:34, 1:02:03. @param {number} ms */
export function elapsed(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  const two = (/** @type {number} */ n) => `${n}`.padStart(2, '0');
  const hours = Math.floor(s / 3600);
  const minutes = Math.floor(s / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(s % 60)}` : `${minutes}:${two(s % 60)}`;
}
