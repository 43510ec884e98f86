// Which of the hub's topics are meant, and in which order. No document here.

/** @typedef {{topic: string, readers: number, events: number, bytes: number, time: string | null, ended: boolean, lag?: number}} Topic */

/** The orders there are: by name, or the highest first. */
export const ORDERS = ['topic', 'readers', 'lag', 'events', 'bytes', 'time'];

/**
 * @param {Topic[]} topics
 * @param {{filter: string, order: string}} wanted each word of the filter stands in the name
 */
export function chosen(topics, { filter, order }) {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const found = topics.filter(({ topic }) => words.every((word) => topic.toLowerCase().includes(word)));
  const by = /** @type {Record<string, (topic: Topic) => number>} */ ({
    readers: ({ readers }) => readers, lag: ({ lag = 0 }) => lag, events: ({ events }) => events, bytes: ({ bytes }) => bytes,
    time: ({ time }) => Date.parse(time ?? '') || 0,
  })[order];
  const byName = (/** @type {Topic} */ a, /** @type {Topic} */ b) => (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : 0);
  return found.sort((a, b) => (by ? by(b) - by(a) : 0) || byName(a, b));
}
