// Tasks in words: what one is, what it does, how it stands, for how long.

/** @typedef {{tone: 'waiting' | 'running' | 'good' | 'warn' | 'bad', sign: string, word: string}} Standing */

/** The types of tasks there are, and what a person calls them. */
export const KINDS = /** @type {Record<string, string>} */ ({
  generic_task: 'command',
  docker_build: 'build',
  docker_pull: 'pull',
  docker_push: 'push',
  docker_exec: 'command in a container',
  docker_save: 'save',
  docker_load: 'load',
  html_site_pipeline: 'site',
  pipeline: 'pipeline',
});

/** @param {string} type */
export const kindOf = (type) => KINDS[type] ?? type;

/** Whether it is one of stages. @param {string} type */
export const isPipeline = (type) => type === 'html_site_pipeline' || type === 'pipeline';

/** What a task does, in one line, from what it was started with. @param {string} type @param {Record<string, any>} [about] */
export function aim(type, about = {}) {
  const { cmd, container, tag, name, repo_tag: repoTag, app_id: app, git_url: git, context_path: folder, tar_path: tar, site, stages, repo_url: repo } = about;
  switch (type) {
    case 'docker_exec':
      return `${container}: ${Array.isArray(cmd) ? cmd.join(' ') : cmd ?? ''}`;
    case 'docker_build':
      return tag || app || git || folder || 'from a Dockerfile alone';
    case 'docker_pull':
      return tag ? `${name}:${tag}` : `${name ?? ''}`;
    case 'html_site_pipeline':
      return [repo, repoTag].filter(Boolean).join(' → ');
    case 'pipeline':
      return site || (Array.isArray(stages) ? stages.join(', ') : '');
  }
  return `${cmd ?? repoTag ?? tar ?? name ?? ''}`;
}

/** How a task stands. @param {{status?: string, outcome?: string, queued?: boolean, position?: number, exit_code?: number}} task as GET /tasks has it */
export function standing({ status, outcome, queued, position, exit_code: code }) {
  /** @type {(tone: Standing['tone'], sign: string, word: string) => Standing} */
  const is = (tone, sign, word) => ({ tone, sign, word });
  if (queued) return is('waiting', '○', position ? `waiting, position ${position}` : 'waiting');
  if (status === 'running') return is('running', '●', 'running');
  if (status === 'completed') return code ? is('bad', '✗', `exit code ${code}`) : is('good', '✓', 'completed');
  if (outcome === 'cancelled' || outcome === 'interrupted') return is('warn', '⊘', outcome);
  if (outcome === 'rolled_back') return is('bad', '↩', 'rolled back');
  return is('bad', '✗', 'failed');
}

/** The same of a task that is followed. @param {import('../../lib/timeline.js').Timeline} timeline */
export function standingOf({ end, position, known }) {
  if (!end) return standing({ status: 'running', queued: position > 0 || !known, position });
  const outcome = end.outcome ?? end.status;
  return standing({ status: end.status === 'completed' ? 'completed' : 'error', outcome, exit_code: end.exit_code });
}

/** Time that ticks, to the second: 12 s, 3 min 04 s, 2 h 05 min. @param {number} ms */
export function elapsed(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  const two = (/** @type {number} */ n) => `${n}`.padStart(2, '0');
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${two(s % 60)} s`;
  return `${Math.floor(s / 3600)} h ${two(Math.floor(s / 60) % 60)} min`;
}

/** Time that is over: as exact as it matters. @param {number} ms */
export const took = (ms) => (ms < 9_950 ? `${(Math.max(0, ms) / 1000).toFixed(1)} s` : elapsed(ms + 500));

/** How long ago, coarse. @param {number} ms */
export function ago(ms) {
  const min = Math.floor(ms / 60_000);
  if (min < 1) return 'just now';
  if (min < 60) return `${min} min ago`;
  return min < 48 * 60 ? `${Math.floor(min / 60)} h ago` : `${Math.floor(min / 1440)} days ago`;
}

/** An id of an image or a commit by its beginning, as their own tools show it. @param {unknown} id */
export const short = (id) => `${id ?? ''}`.replace(/^sha256:/, '').slice(0, 12);
