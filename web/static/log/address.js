// A log's part of the address, behind the "#": the lines it points at, what is
// searched for and what is shown: #L120-L140&q=error&match=1&level=warn.

/**
 * @typedef {object} Ask
 * @property {[number, number] | undefined} range numbers of events, first and last
 * @property {string} q what is searched for
 * @property {boolean} regex whether q is a regular expression
 * @property {boolean} match whether only rows with q are shown
 * @property {string} level the lowest level shown, "" for all
 * @property {string} stream "stdout" or "stderr", "" for both
 * @property {string[]} topics those shown of several, none for all
 */

/** @type {Ask} */
export const NOTHING = { range: undefined, q: '', regex: false, match: false, level: '', stream: '', topics: [] };

const RANGE = /^L(\d{1,15})(?:-L?(\d{1,15}))?$/;

/** @param {string} hash without the "#" @returns {Ask} */
export function parse(hash) {
  const parts = hash.split('&');
  const found = parts.map((part) => RANGE.exec(part)).find(Boolean);
  const asked = new URLSearchParams(parts.filter((part) => part.includes('=')).join('&'));
  const text = (/** @type {string} */ name) => asked.get(name) ?? '';
  return {
    range: found ? rangeOf(Number(found[1]), Number(found[2] ?? found[1])) : undefined,
    q: text('q'),
    regex: text('regex') === '1',
    match: text('match') === '1',
    level: text('level'),
    stream: text('stream'),
    topics: asked.getAll('topic'),
  };
}

/** @param {Ask} ask @returns {string} without the "#", "" when nothing is asked */
export function format({ range, q, regex, match, level, stream, topics }) {
  const query = new URLSearchParams();
  if (q) query.set('q', q);
  if (q && regex) query.set('regex', '1');
  if (q && match) query.set('match', '1');
  if (level) query.set('level', level);
  if (stream) query.set('stream', stream);
  for (const topic of topics) query.append('topic', topic);
  const lines = range ? (range[0] === range[1] ? `L${range[0]}` : `L${range[0]}-L${range[1]}`) : '';
  return [lines, `${query}`].filter(Boolean).join('&');
}

/** @param {number} a @param {number} b @returns {[number, number]} */
export const rangeOf = (a, b) => (a <= b ? [a, b] : [b, a]);
