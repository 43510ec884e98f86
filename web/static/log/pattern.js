// What is looked for in a log: a text or a regular expression, put to one line
// after another. It tells great from small letters only if it has a great one.

/** @typedef {{text: string, regex?: boolean}} Wanted */

/**
 * @typedef {object} Pattern
 * @property {string} [error] why it cannot be looked for; it finds nothing then
 * @property {(line: string) => boolean} test
 * @property {(line: string) => [number, number][]} hits where in the line, from and to
 */

// A regular expression may take longer than anybody waits. Two things keep it
// from that: a repetition of a repetition or of a choice, which can take time
// exponential in the line's length, is not begun; and of a line it sees only so
// much, less if it has several repetitions, whose lengths multiply.
const SEEN = 16_384;
const SEEN_BY_MANY = 2_048;
const MOST_HITS = 1_000; // in one line

/** @param {Wanted} wanted @returns {Pattern} */
export function pattern({ text, regex = false }) {
  if (regex) return expression(text);
  const small = text === text.toLowerCase();
  const marks = new RegExp(text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'), small ? 'gi' : 'g');
  return {
    test: small ? (line) => line.toLowerCase().includes(text) : (line) => line.includes(text),
    hits: (line) => hits(marks, line),
  };
}

/** @param {string} source @returns {Pattern} */
function expression(source) {
  const small = !/[A-Z]/.test(source.replace(/\\(?:[pP]\{[^}]*\}|x[0-9A-F]{2}|u[0-9A-F]{4}|.)/gi, ''));
  const { nested, repetitions } = repeats(source);
  if (nested) return failed('it repeats what itself repeats or chooses, as (a+)+ or (a|b)* do: on some lines that would never end');
  const seen = repetitions > 1 ? SEEN_BY_MANY : SEEN;
  const cut = (/** @type {string} */ line) => (line.length > seen ? line.slice(0, seen) : line);
  try {
    const marks = new RegExp(source, small ? 'gi' : 'g');
    const asked = new RegExp(source, small ? 'i' : '');
    return { test: (line) => asked.test(cut(line)), hits: (line) => hits(marks, cut(line)) };
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    return failed(message.replace(/^Invalid regular expression: (?:\/.*\/\w*: )?/s, ''));
  }
}

/** @param {string} reason @returns {Pattern} */
const failed = (reason) => ({ error: `not a regular expression to search by: ${reason}`, test: () => false, hits: () => [] });

/** @param {RegExp} marks @param {string} line */
function hits(marks, line) {
  /** @type {[number, number][]} */ const found = [];
  marks.lastIndex = 0;
  for (let hit; found.length < MOST_HITS && (hit = marks.exec(line));) {
    if (hit[0]) found.push([hit.index, marks.lastIndex]);
    else marks.lastIndex++; // an empty hit moves nothing on by itself
  }
  return found;
}

/**
 * Whether there is a repetition without bound of a group that holds another or
 * a choice, and how many such repetitions there are.
 * @param {string} source
 */
function repeats(source) {
  const TOKENS = /\\.|\[(?:\\.|[^\]\\])*\]|[()|]|[*+]|\{\d+(?:,\d*)?\}/gs;
  const groups = [false];
  let [nested, repetitions] = [false, 0];
  let closed = { at: -1, rich: false };
  for (const { 0: token, index } of source.matchAll(TOKENS)) {
    if (token === '(') groups.push(false);
    else if (token === ')') {
      closed = { at: index + 1, rich: groups.length > 1 && Boolean(groups.pop()) };
      groups[groups.length - 1] ||= closed.rich;
    } else if (token === '|') groups[groups.length - 1] = true;
    else if (token === '*' || token === '+' || isLong(token)) {
      repetitions++;
      nested ||= closed.at === index && closed.rich;
      groups[groups.length - 1] = true;
    }
  }
  return { nested, repetitions };
}

/** @param {string} token */
function isLong(token) {
  const [, least, most] = /^\{(\d+)(?:,(\d*))?\}$/.exec(token) ?? [];
  return least !== undefined && (most === '' || Number(most ?? least) > 9);
}
