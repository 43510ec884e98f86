// Any event as one readable line.

import { bytes, counted, duration } from './format.js';

/** @typedef {import('../stream/cursor.js').HubEvent} HubEvent */
/** @typedef {'line' | 'stderr' | 'event' | 'note' | 'good' | 'bad' | 'warn'} Tone */
/** @typedef {{tone: Tone, mark: string, text: string}} Description */

/**
 * The mark names the kind of row in a few letters, so that it is never told by
 * colour alone; a plain line has none.
 * @param {HubEvent} event
 * @returns {Description}
 */
export function describe(event) {
  const data = event.data ?? {};
  switch (event.type) {
    case 'line':
    case 'progress':
      if (typeof data.percent === 'number') return { tone: 'event', mark: '', text: progress(data) };
      if (typeof data.line !== 'string') break;
      return data.stream === 'stderr'
        ? { tone: 'stderr', mark: 'err', text: data.line }
        : { tone: 'line', mark: '', text: data.line };
    case 'status':
      return { tone: 'event', mark: 'status', text: status(data) };
    case 'stage':
      return { tone: tone(data.status), mark: 'stage', text: stage(data) };
    case 'usage':
      return { tone: 'event', mark: 'usage', text: usage(data) || pairs(data) };
    case 'gap':
      return gap(data);
    case 'end':
      return end(data);
  }
  const text = typeof data === 'object' ? pairs(data) : String(data);
  return { tone: 'event', mark: event.type.slice(0, 24), text };
}

const REASONS = /** @type {Record<string, string>} */ ({
  evicted: 'no longer kept when this page asked',
  slow: 'this page was too slow and has been overtaken',
  upstream: 'lost before they reached the hub',
});

/** @param {{count?: number | null, reason?: string}} data @returns {Description} */
export function gap({ count, reason }) {
  if (reason === 'restart') {
    return { tone: 'warn', mark: 'gap', text: 'the hub was restarted: what came in between is lost, what it keeps now follows' };
  }
  const what = typeof count === 'number' ? `${counted(count, 'event')} missing` : 'events are missing, nobody knows how many';
  return { tone: 'warn', mark: 'gap', text: `${what}: ${REASONS[reason ?? ''] ?? reason ?? 'no reason given'}` };
}

/** @param {any} data @returns {Description} */
export function end({ status, outcome, exit_code: code, error }) {
  const parts = [status ?? 'ended'];
  if (outcome && !error?.startsWith(outcome)) parts.push(outcome.replaceAll('_', ' '));
  if (code !== undefined) parts.push(`exit code ${code}`);
  if (error) parts.push(error);
  const failed = status === 'error' || (code !== undefined && Number(code) !== 0);
  return { tone: failed ? 'bad' : status === 'cancelled' ? 'warn' : 'good', mark: 'end', text: parts.join(', ') };
}

/** @param {any} data the host's figures */
export function usage({ cpu_percent: cpu, memory }) {
  const parts = [];
  if (typeof cpu === 'number') parts.push(`CPU ${Math.round(cpu)} %`);
  if (typeof memory?.total === 'number') parts.push(`memory ${bytes(memory.used)} of ${bytes(memory.total)}`);
  return parts.join(', ');
}

/** @param {any} data */
function status(data) {
  const lead = data.status === 'queued' && data.position ? [`queued, position ${data.position}`] : [data.status];
  return words([...lead, data.cmd], data, ['status', 'position', 'cmd', 'task', 'task_id', 'ts']);
}

/** How far a whole task is. @param {any} data */
function progress({ percent, stage, stage_percent: within, current, total }) {
  const parts = [`${percent} %`];
  if (stage) parts.push(`${stage} ${within} %`);
  if (total > 0) parts.push(`${bytes(current)} of ${bytes(total)}`);
  return parts.join(', ');
}

/** A stage in the words that the text form has. @param {any} data */
function stage(data) {
  let lead = `${data.stage}: ${data.status}`;
  if (data.reused) lead += ' before, not run again';
  else if (typeof data.duration_sec === 'number') lead += `${data.status === 'error' ? ' after' : ' in'} ${duration(data.duration_sec * 1000)}`;
  if (data.error) return `${lead}: ${data.error}`;
  return words([lead], data, ['stage', 'status', 'reused', 'duration_sec', 'task', 'task_id', 'ts']);
}

/** @param {unknown} word @returns {Tone} */
const tone = (word) => (word === 'error' ? 'bad' : word === 'completed' ? 'good' : 'event');

/** @param {unknown[]} lead @param {object} data @param {string[]} said keys that need no repeating */
function words(lead, data, said) {
  const rest = Object.entries(data).filter(([key]) => !said.includes(key));
  return [...lead.filter((word) => word !== undefined && word !== ''), pairs(Object.fromEntries(rest))].filter(Boolean).join('  ');
}

/** @param {object} data */
function pairs(data) {
  return Object.entries(data)
    .filter(([, value]) => value !== null && value !== '')
    .map(([key, value]) => `${key}=${typeof value === 'string' ? short(value) : JSON.stringify(value, (_, v) => (typeof v === 'string' ? short(v) : v))}`)
    .join('  ');
}

/** An id of an image, a container or a commit by its beginning, as their own tools show it. @param {string} text */
const short = (text) => text.replace(/^((?:sha256:)?[0-9a-f]{12})[0-9a-f]{28,52}$/, '$1');
