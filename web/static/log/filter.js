// Which rows of a log are shown.

import { visible } from './ansi.js';
import { LEVELS } from './levels.js';
import { pattern } from './pattern.js';

/** @typedef {import('./chunk.js').Row} Row */

/**
 * Each part that is absent or empty lets all rows through.
 * @typedef {object} Asked
 * @property {string} [text] what a row must hold
 * @property {boolean} [regex] the text is a regular expression
 * @property {string} [level] the lowest one shown; what has none is not
 * @property {string[]} [streams] "stdout", "stderr": lines of these; one that does not say is taken for stdout
 * @property {string[]} [topics]
 */

/** @typedef {{error?: string, test: (row: Row) => boolean}} Filter */

/**
 * @param {Asked} asked
 * @returns {Filter | null} null when nothing is asked
 */
export function filter({ text = '', regex = false, level = '', streams = [], topics = [] }) {
  /** @type {((row: Row) => boolean)[]} the cheap ones first */ const tests = [];
  const least = LEVELS.indexOf(/** @type {any} */ (level));
  if (least > 0) tests.push((row) => gravity(row) >= least);
  if (streams.length) tests.push((row) => isLine(row) && streams.includes(row.stream || 'stdout'));
  if (topics.length) tests.push((row) => topics.includes(row.topic));
  const wanted = text ? pattern({ text, regex }) : undefined;
  if (wanted) tests.push((row) => wanted.test(visible(row.text)));
  if (!tests.length) return null;
  return { error: wanted?.error, test: (row) => tests.every((test) => test(row)) };
}

/** @param {Row} row */
const isLine = ({ tone }) => tone === 'line' || tone === 'stderr';

/** Gaps, failed stages and ends are as grave as they look. @param {Row} row */
function gravity({ level, tone }) {
  if (level) return LEVELS.indexOf(level);
  return LEVELS.indexOf(tone === 'bad' ? 'error' : tone === 'warn' ? 'warn' : '');
}
