// What went wrong, as a person needs it: the cause, the fix, the request's id.

import { ApiError } from '../lib/api.js';
import { el } from '../lib/dom.js';

/**
 * @param {unknown} error
 * @param {() => void} [retry] what "Try again" does
 */
export function problem(error, retry) {
  const { message, fix, requestId } = wordsOf(error);
  return el('div', { class: 'problem', role: 'alert' },
    el('p', { class: 'cause' }, message),
    ...(fix ? [el('p', {}, fix)] : []),
    ...(requestId ? [el('p', { class: 'request' }, 'Request ', el('code', {}, requestId), ', as the hub’s log knows it')] : []),
    ...(retry ? [el('button', { type: 'button', onclick: retry }, 'Try again')] : []));
}

/** @param {unknown} error @returns {{message: string, fix: string, requestId: string}} */
export function wordsOf(error) {
  const text = error instanceof Error ? error.message : String(error);
  const message = text.slice(0, 1).toUpperCase() + text.slice(1);
  if (error instanceof ApiError) return { message, fix: error.fix, requestId: error.requestId };
  return { message, fix: '', requestId: '' };
}
