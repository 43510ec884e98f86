// The commands that do in a terminal what the page does.

import { shellWord } from './format.js';

/** @param {string} base the hub's address with a last slash @param {string[]} topics */
function address(base, topics) {
  if (topics.length === 1) return `${base}stream/${topics[0]}`;
  return `${base}stream?${topics.map((topic) => `topic=${topic}`).join('&')}`;
}

/** @param {string} base @param {string[]} topics */
export const curl = (base, topics) => `curl -N ${shellWord(address(base, topics))}`;

/** @param {string} base @param {string[]} topics */
export const websocat = (base, topics) => `websocat ${shellWord(address(base.replace(/^http/, 'ws'), topics))}`;

/** Pipes a command's output into a topic. @param {string} base @param {string} topic @param {string} [command] */
export const pipe = (base, topic, command = 'npm run build') =>
  `${command} 2>&1 | curl -NsT - ${shellWord(address(base, [topic]))}`;

/**
 * A request to the REST API.
 * @param {string} base
 * @param {string} method
 * @param {string} path with or without its first slash
 * @param {unknown} [body] sent as JSON
 */
export function request(base, method, path, body) {
  const words = ['curl'];
  if (body !== undefined) words.push('-H', `'Content-Type: application/json'`, '-d', shellWord(JSON.stringify(body)));
  else if (method !== 'GET') words.push('-X', method);
  return [...words, shellWord(base + path.replace(/^\//, ''))].join(' ');
}
