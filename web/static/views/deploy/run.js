// What a run of a pipeline has come to, in words, and what can be done with it.

import { duration } from '../../lib/format.js';

/**
 * @typedef {object} Stage
 * @property {string} stage its name
 * @property {string} kind
 * @property {'waiting' | 'running' | 'completed' | 'error' | 'skipped'} status
 * @property {boolean} [reused]
 * @property {number} [started_at] Unix seconds
 * @property {number} [duration_sec]
 * @property {string} [error]
 * @property {Record<string, any>} [facts] only of a run that was asked for by itself
 */

/**
 * A run as GET /pipeline tells of it. Times are Unix seconds.
 * @typedef {object} Run
 * @property {string} task_id
 * @property {string} task_type html_site_pipeline or pipeline
 * @property {'running' | 'completed' | 'error'} status
 * @property {string} [outcome]
 * @property {boolean} [queued]
 * @property {number} [position]
 * @property {string} [error]
 * @property {number} created_at
 * @property {number} [started_at]
 * @property {number} [ended_at]
 * @property {Record<string, any>} [about] what it was started with
 * @property {string} site
 * @property {Stage[]} stages
 * @property {string} [retry_of]
 * @property {string} [retried_as]
 * @property {string} [retry_from]
 * @property {number} [kept_until]
 */

/** @typedef {'' | 'running' | 'good' | 'warn' | 'bad'} Tone */

/** Whether a run is the older service's pipeline, whose form is the page's. @param {Run} run */
export const isSite = (run) => run.task_type === 'html_site_pipeline';

/** @param {Run} run @returns {{tone: Tone, sign: string, word: string}} */
export function standing({ status, queued, outcome }) {
  if (queued) return { tone: '', sign: '…', word: 'queued' };
  if (status === 'running') return { tone: 'running', sign: '●', word: 'running' };
  if (status === 'completed') return { tone: 'good', sign: '✓', word: 'completed' };
  if (outcome && outcome !== 'error') return { tone: 'warn', sign: '!', word: outcome.replaceAll('_', ' ') };
  return { tone: 'bad', sign: '✗', word: 'failed' };
}

/** How long a stage or a run has taken by now, in ms. @param {{started_at?: number, ended_at?: number, duration_sec?: number}} part @param {number} now ms */
export function took({ started_at: start, ended_at: end, duration_sec: seconds }, now) {
  if (seconds !== undefined) return seconds * 1000;
  if (start === undefined) return undefined;
  return Math.max(0, (end === undefined ? now : end * 1000) - start * 1000);
}

/** The stage that is under way, or that a run failed in. @param {Run} run */
const decisive = (run) => run.stages.find(({ status }) => status === 'running' || status === 'error');

/**
 * What has become of a run, as a sentence.
 * @param {Run} run
 * @param {number} now ms
 */
export function outcome(run, now) {
  const stage = decisive(run);
  const time = took(run, now);
  const after = time === undefined ? '' : duration(time);
  const why = stage?.error ?? run.error ?? '';
  if (run.queued) return `waits for other pipelines, at position ${run.position ?? 1}`;
  if (run.status === 'running') return stage ? `at ${stage.stage}, ${after} so far` : 'between two stages';
  if (run.status === 'completed') return `completed in ${after}`;
  const at = stage ? ` at ${stage.stage}` : '';
  switch (run.outcome) {
    case 'rolled_back': return `rolled back${at}: the one before serves on. ${why}`;
    case 'cancelled': return `cancelled${at}${after && ` after ${after}`}`;
    case 'interrupted': return `interrupted${at}: the hub was shut down`;
  }
  return `error${at}${after && ` after ${after}`}: ${why}`;
}

/**
 * What a retry could build on, as a sentence; "" where there can be none.
 * @param {Run} run
 * @param {number} now ms
 */
export function kept(run, now) {
  if (run.status === 'running' || run.retried_as) return '';
  const left = (run.kept_until ?? 0) * 1000 - now;
  if (left > 0) return `What its stages have made is kept for a retry until ${timeOfDay(run.kept_until ?? 0)} (${duration(left)}).`;
  return 'What its stages had made is no longer kept: a retry begins at the first one.';
}

/**
 * The stages that a retry may begin at, in their order: all up to the first that
 * did not complete while what they have made is kept, else the first alone.
 * What a stage run has started is gone unless its probe has come through, so a
 * retry begins at neither the probe nor what stands between the two.
 * @param {Run} run
 */
export function beginnings({ stages, status, retried_as: retried, kept_until: until }) {
  if (status === 'running' || retried) return [];
  if (until === undefined) return [stages[0].stage];
  const unfinished = stages.findIndex((stage) => stage.status !== 'completed');
  const reached = unfinished < 0 ? stages : stages.slice(0, unfinished + 1);
  return reached.filter((_, i) => !stages.slice(0, i).some(({ kind }, j) => kind === 'run' && probeAfter(stages, j) >= i)).map(({ stage }) => stage);
}

/** The position of the first probe after another stage, -1 without one before the next run. @param {Stage[]} stages @param {number} at */
function probeAfter(stages, at) {
  const next = stages.findIndex(({ kind }, i) => i > at && (kind === 'probe' || kind === 'run'));
  return stages[next]?.kind === 'probe' ? next : -1;
}

/**
 * The run that was good before this one, of the same site: what a roll back
 * goes back to.
 * @param {Run} run
 * @param {Run[]} runs newest first
 */
export const goodBefore = (run, runs) =>
  runs.find((other) => isSite(other) && other.site === run.site && other.status === 'completed' && other.created_at < run.created_at);

/**
 * The form's values for the same deploy again, as far as the hub tells of it;
 * passwords and secrets it tells nobody.
 * @param {Run} run as it was asked for by itself
 * @param {boolean} [pinned] at the very commit
 * @returns {Record<string, string>}
 */
export function valuesOf(run, pinned = false) {
  const facts = (/** @type {string} */ kind) => run.stages.find((stage) => stage.kind === kind)?.facts ?? {};
  const { repo_url: repo = '', repo_tag: image = '', host_port: port = '' } = run.about ?? {};
  const colon = image.lastIndexOf(':');
  const tagged = colon > image.lastIndexOf('/');
  const probe = facts('probe').url;
  return {
    repo_url: repo,
    dockerhub_repo: tagged ? image.slice(0, colon) : image,
    tag: tagged ? image.slice(colon + 1) : 'latest',
    host_port: `${port}`,
    ref: pinned ? facts('clone').commit ?? '' : facts('clone').ref ?? '',
    probe_path: probe && pathOf(probe) !== '/' ? pathOf(probe) : '',
  };
}

/** @param {string} url */
const pathOf = (url) => (URL.canParse(url) ? new URL(url).pathname + new URL(url).search : '/');

/** 15:04, in the reader's time zone. @param {number} seconds Unix */
export const timeOfDay = (seconds) => new Date(seconds * 1000).toLocaleTimeString(undefined, { timeStyle: 'short' });

/** "just now", "3 min ago", "2 days ago". @param {number} seconds Unix @param {number} now ms */
export function ago(seconds, now) {
  const ms = now - seconds * 1000;
  if (ms < 60_000) return 'just now';
  return ms < 48 * 3_600_000 ? `${duration(ms)} ago` : `${Math.round(ms / 86_400_000)} days ago`;
}
