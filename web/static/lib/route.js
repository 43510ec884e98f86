// Which topics the address asks for, and the address of a topic.
//
// The page stands at "/" and carries the topic behind the "#", or the hub serves
// it at a stream's own address, and then the path carries it.

import { isTopic } from '../stream/topics.js';

/**
 * @param {{pathname: string, search: string, hash: string}} location
 * @param {string} root path of the hub, with a last slash
 * @returns {string[]} none: nothing is asked for
 */
export function topicsOf({ pathname, search, hash }, root) {
  const address = hash.startsWith('#/') ? hash.slice(2) : pathname.slice(root.length) + search;
  const [path, query = ''] = address.split('?', 2);
  const [head, ...rest] = path.split('/');
  if (head !== 'stream') return [];
  const topics = rest.length ? [decode(rest.join('/'))] : new URLSearchParams(query).getAll('topic');
  return topics.every(isTopic) ? topics : [];
}

/**
 * @param {string} topic
 * @param {{pathname: string}} location
 * @param {string} root
 */
export function hrefOf(topic, { pathname }, root) {
  return pathname === root ? `#/stream/${topic}` : `${root}stream/${topic}`;
}

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return ''; // not a topic
  }
}
