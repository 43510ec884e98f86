// JSON as lines that can be folded and searched. No document here.

/**
 * `last` is the index of the line that closes what this one opens, or its own;
 * `inside` counts what stands directly in it.
 * @typedef {{text: string, last: number, inside: number}} Line
 */

/** @param {unknown} value @returns {Line[]} */
export function outline(value) {
  const lines = (JSON.stringify(value, null, 2) ?? '').split('\n').map((text, i) => ({ text, last: i, inside: 0 }));
  /** @type {number[]} */ const open = [];
  lines.forEach(({ text }, i) => {
    if (/^\s*[\]}]/.test(text)) lines[/** @type {number} */ (open.pop())].last = i;
    else if (open.length) lines[open[open.length - 1]].inside++;
    // A string cannot end a line with a bracket: its quote comes after it.
    if (/[[{]$/.test(text)) open.push(i);
  });
  return lines;
}

/**
 * Where a text stands, without regard to capitals unless it has some.
 * @param {Line[]} lines
 * @param {string} wanted
 * @returns {number[]} the lines' indexes
 */
export function found(lines, wanted) {
  if (!wanted) return [];
  const exact = wanted !== wanted.toLowerCase();
  return lines.flatMap(({ text }, i) => ((exact ? text : text.toLowerCase()).includes(wanted) ? [i] : []));
}

/** The lines that must be unfolded for a line to be seen. @param {Line[]} lines @param {number} at */
export const around = (lines, at) => lines.flatMap(({ last }, i) => (i < at && at <= last ? [i] : []));
