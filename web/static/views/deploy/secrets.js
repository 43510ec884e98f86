// Passwords in the forms: what is sent has them, what is copied has variables
// of the shell in their place.

import { request } from '../../lib/commands.js';

/**
 * NAME=value lines as an object.
 * @param {string} text
 * @returns {Record<string, string> | undefined} undefined where there is none
 */
export function pairsOf(text) {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (!lines.length) return undefined;
  return Object.fromEntries(lines.map((line) => {
    const at = line.indexOf('=');
    if (at < 1) throw new Error(`“${line.trim().slice(0, 20)}” is not NAME=value`);
    return [line.slice(0, at).trim(), line.slice(at + 1)];
  }));
}

const MARK = 'variable of the shell:'; // no value begins so by chance

/** A value that the copied command takes from a variable. @param {string} name */
export const variable = (name) => MARK + name.replace(/\W/g, '_').toUpperCase();

/**
 * The same value with variables in place of what is secret: each "password",
 * and all that stands under "secrets".
 * @param {any} value
 * @param {string} [kind] of the stage around it
 * @returns {any}
 */
export function hidden(value, kind = '') {
  if (Array.isArray(value)) return value.map((each) => hidden(each, kind));
  if (value === null || typeof value !== 'object') return value;
  const within = typeof value.kind === 'string' ? value.kind : kind;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => {
    if (key === 'secrets' && each && typeof each === 'object') return [key, Object.fromEntries(Object.keys(each).map((name) => [name, variable(name)]))];
    if (/password$/.test(key) && each) return [key, variable(key === 'password' ? `${within}_password` : key)];
    return [key, hidden(each, within)];
  }));
}

/**
 * The request as a command whose secrets are the shell's variables.
 * @param {string} base
 * @param {string} path
 * @param {unknown} body
 */
export const commandOf = (base, path, body) =>
  request(base, 'POST', path, hidden(body)).replace(new RegExp(`"${MARK}(\\w+)"`, 'g'), `"'"$$$1"'"`);
