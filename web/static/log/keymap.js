// The keys of a log, wherever on the page the keyboard is.

/**
 * @typedef {object} Deeds
 * @property {() => void} search
 * @property {(direction: 1 | -1) => void} step
 * @property {(end: boolean) => void} travel to the first row, or to the end, and follow
 * @property {() => void} follow starts or stops following
 * @property {() => void} times
 * @property {() => void} wrap
 * @property {() => void} link
 * @property {() => void} download
 * @property {() => void} escape
 */

/**
 * @param {typeof import('../ui/keys.js')} keys
 * @param {Deeds} deeds
 * @returns {(() => void)[]} each ends one
 */
export function offer(keys, deeds) {
  const list = /** @type {[string, string, () => void][]} */ ([
    ['/', 'search', deeds.search],
    ['Ctrl+f', 'search; once more for the browser’s own', deeds.search],
    ['n', 'next hit', () => deeds.step(1)],
    ['N', 'previous hit', () => deeds.step(-1)],
    ['g', 'first line', () => deeds.travel(false)],
    ['G', 'last line, and follow', () => deeds.travel(true)],
    ['f', 'follow or pause', deeds.follow],
    ['t', 'times: none, local, UTC, how long ago', deeds.times],
    ['w', 'wrap long lines', deeds.wrap],
    ['y', 'copy the link', deeds.link],
    ['d', 'download', deeds.download],
    ['Escape', 'leave the full window', deeds.escape],
  ]);
  return list.map(([key, label, run]) => keys.add('Log', key, label, run));
}
