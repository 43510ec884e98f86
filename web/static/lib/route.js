// The page's addresses: which view one leads to, and what it shows there.
//
// A log stands at its stream's own address, /stream/{topic}, where curl reads
// it, too; everything else below /ui/; the overview at "/".

import { isTopic } from '../stream/topics.js';

/**
 * @typedef {object} Route
 * @property {string} view overview, tasks, logs, containers, images, deploy or system; "" for an address of nothing
 * @property {string[]} rest the path behind the view, decoded
 * @property {URLSearchParams} query
 * @property {string} hash without its "#"
 * @property {string[]} topics of a log's address; empty where none is asked for, or what is asked for are no topics
 */

const VIEWS = ['tasks', 'logs', 'containers', 'images', 'deploy', 'system'];

/**
 * @param {{pathname: string, search: string, hash: string}} location
 * @param {string} root path of the hub, with a last slash
 * @returns {Route}
 */
export function routeOf({ pathname, search, hash }, root) {
  const query = new URLSearchParams(search);
  const [head = '', ...rest] = pathname.slice(root.length).split('/').map(decode);
  const route = (/** @type {string} */ view, /** @type {string[]} */ behind, /** @type {string[]} */ topics = []) =>
    ({ view, rest: behind, query, hash: hash.slice(1), topics: topics.every(isTopic) ? topics : [] });
  if (head === 'stream') return route('logs', [], rest.join('/') ? [rest.join('/')] : query.getAll('topic'));
  if (head === '' || head === 'index.html') return route('overview', []);
  const [view = '', ...behind] = rest;
  if (head !== 'ui') return route('', []);
  return view === '' ? route('overview', []) : route(VIEWS.includes(view) ? view : '', behind.filter(Boolean));
}

/**
 * The address that an older link means: a topic stood behind the "#" once.
 * @param {{pathname: string, hash: string}} location
 * @param {string} root
 * @returns {string | undefined}
 */
export function movedTo({ pathname, hash }, root) {
  if (pathname !== root || !hash.startsWith('#/')) return undefined;
  return hash.startsWith('#/stream') ? root + hash.slice(2) : root;
}

/**
 * The address of a log.
 * @param {string | string[]} topics one, or several in one log
 * @param {string} root
 */
export function logHref(topics, root) {
  const list = Array.isArray(topics) ? topics : [topics];
  return list.length === 1 ? `${root}stream/${list[0]}` : `${root}stream?${list.map((topic) => `topic=${topic}`).join('&')}`;
}

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return ''; // no name of anything
  }
}
