// The hub's REST API: JSON in, JSON out, errors with their cause and their fix.

import { base } from './base.js';

/**
 * A browser drops the requests under way when the machine's network changes, as
 * it does with each container that starts there. So what only reads is asked for
 * once more, after this many ms.
 */
const AGAIN = 400;

/** @typedef {{field: string, message: string}} Fault one of a body that does not fit; field is "" where none is named */

/** Why the hub did not do what it was asked. `message` is a sentence; `fix` says what to do, where that is known. */
export class ApiError extends Error {
  /**
   * @param {string} message
   * @param {{status?: number, faults?: Fault[], requestId?: string, fix?: string, body?: any}} [rest] status 0: the hub was not reached
   */
  constructor(message, { status = 0, faults = [], requestId = '', fix = '', body } = {}) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.faults = faults;
    this.requestId = requestId;
    this.fix = fix;
    this.body = body;
  }
}

/**
 * @param {string} path
 * @param {Record<string, string | number | boolean | undefined>} [query] undefined ones are left out
 * @param {{signal?: AbortSignal}} [options]
 * @returns {Promise<any>}
 */
export const get = async (path, query = {}, options = {}) => (await ask('GET', path, { query, ...options })).json();

/**
 * @param {string} path
 * @param {unknown} [body]
 * @param {{signal?: AbortSignal}} [options]
 * @returns {Promise<any>}
 */
export const post = async (path, body, options = {}) => (await ask('POST', path, { body, ...options })).json();

/**
 * Starts what the hub does as a task (a build, a pull, a push, …) and does not
 * wait for its end: whoever leaves the live stream of a task ends nothing.
 * @param {string} path
 * @param {unknown} body
 * @returns {Promise<string>} the task's id
 */
export async function begin(path, body) {
  const answer = await ask('POST', path, { body, accept: 'application/x-ndjson' });
  const id = answer.headers.get('X-Task-Id') ?? '';
  await answer.body?.cancel();
  return id;
}

/**
 * Asks, and throws an ApiError unless the answer is a good one.
 * @param {string} method
 * @param {string} path without the first slash or with it
 * @param {{query?: Record<string, string | number | boolean | undefined>, body?: unknown, raw?: BodyInit, type?: string, accept?: string, signal?: AbortSignal}} [options]
 */
export async function ask(method, path, { query = {}, body, raw, type = 'application/json', accept = 'application/json', signal } = {}) {
  const url = new URL(path.replace(/^\//, ''), base);
  for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== '') url.searchParams.set(name, `${value}`);
  const sends = body !== undefined || raw !== undefined;
  const send = () => fetch(url, {
    method, signal, cache: 'no-store',
    headers: { accept, ...(sends && { 'content-type': type }) },
    body: raw ?? (body === undefined ? undefined : JSON.stringify(body)),
  });
  let answer;
  try {
    answer = await send().catch(async (error) => {
      if (method !== 'GET' || signal?.aborted) throw error;
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
      return send();
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError('The hub cannot be reached.', { fix: `Is it running, and is this machine online? ${method === 'GET' ? '' : 'It may have done this all the same: look first. '}Try again when the page says “live”.` });
  }
  if (answer.ok) return answer;
  throw await failure(answer);
}

/** @param {Response} answer */
async function failure(answer) {
  const requestId = answer.headers.get('X-Request-Id') ?? '';
  const text = await answer.text().catch(() => '');
  /** @type {any} */ let body;
  try {
    body = JSON.parse(text);
  } catch {
    // A proxy between the hub and the page answers in its own way.
    return new ApiError(`Something between this page and the hub answered ${answer.status} ${answer.statusText}.`.trim(),
      { status: answer.status, requestId, fix: 'A proxy there may be restarting: try again in a moment.' });
  }
  const faults = faultsOf(body?.detail);
  const message = typeof body?.detail === 'string' ? body.detail
    : faults.length ? faults.map(({ field, message }) => (field ? `${field}: ${message}` : message)).join('; ')
      : `The hub answered ${answer.status}.`;
  return new ApiError(message, { status: answer.status, faults, requestId, fix: FIXES[answer.status], body });
}

/** What helps against each kind of refusal, where the message itself may not say. @type {Record<number, string | undefined>} */
const FIXES = {
  401: 'Log in to the registry with other credentials.',
  413: 'Send less at once.',
  429: 'Wait a moment and try again.',
  503: 'Try again in a moment; the overview says whether the engine is there.',
};

/** @param {unknown} detail @returns {Fault[]} */
function faultsOf(detail) {
  if (!Array.isArray(detail)) return [];
  return detail.map(({ loc, msg }) => ({ field: Array.isArray(loc) ? loc.slice(1).join('.') : '', message: `${msg}` }));
}
