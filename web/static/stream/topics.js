// What a topic is, and when a subscription's pattern matches one.

const SEGMENT = /^[A-Za-z0-9_.:@-]+$/;

/**
 * Says whether text is a topic or a pattern: 1 to 8 segments joined by "/", at
 * most 200 bytes, "*" for one whole segment, a last "**" for one or more.
 * @param {string} text
 */
export function isTopic(text) {
  const segments = text.split('/');
  return text.length <= 200 && segments.length <= 8 && segments.every(
    (s, i) => SEGMENT.test(s) || s === '*' || (s === '**' && i === segments.length - 1));
}

/**
 * Says whether some topic is matched by both patterns; a topic is the pattern
 * that matches itself, so this is also the test "does pattern match topic".
 * @param {string} a
 * @param {string} b
 */
export function overlaps(a, b) {
  const [left, right] = [a.split('/'), b.split('/')];
  for (let i = 0; ; i++) {
    if (left[i] === undefined || right[i] === undefined) return left[i] === right[i];
    if (left[i] === '**' || right[i] === '**') return true;
    if (left[i] !== right[i] && left[i] !== '*' && right[i] !== '*') return false;
  }
}

/** @param {string} topic */
export const isPattern = (topic) => topic.includes('*');

/**
 * Says whether a topic gives a reader that falls behind only its newest value,
 * so that numbers left out mean nothing there.
 * @param {string} topic
 */
export const isLatest = (topic) =>
  topic === 'system/usage' || /^containers\/[^/]+\/stats$/.test(topic);
