// What a log's badge says: one state of many facts, in the order in which they
// matter to who reads.

import { end as describeEnd } from '../lib/describe.js';
import { count } from '../lib/format.js';

/** @typedef {import('../client.js').State} State */
/**
 * `tone` is for the looks, `name` for the picture beside the words; with `now`
 * the reader may ask not to wait.
 * @typedef {{name: 'connecting' | 'live' | 'waiting' | 'paused' | 'reconnecting' | 'offline' | 'ended' | 'closed', tone: 'plain' | 'good' | 'warn' | 'bad', text: string, now?: boolean}} Badge
 */

/**
 * @param {object} facts
 * @param {State} facts.state of the subscription
 * @param {boolean} facts.online what the browser thinks of its network
 * @param {import('../client.js').HubEvent} [facts.end] how the topic ended
 * @param {boolean} facts.empty nothing has come
 * @param {boolean} facts.following
 * @param {number} facts.unseen rows that came since the reader stopped following
 * @returns {Badge}
 */
export function badge({ state, online, end, empty, following, unseen }) {
  switch (state.name) {
    case 'closed':
      return { name: 'closed', tone: 'bad', text: state.reason ? `closed: ${state.reason}` : 'closed' };
    case 'reconnecting':
      if (!online) return { name: 'offline', tone: 'warn', text: 'offline', now: true };
      return { name: 'reconnecting', tone: 'warn', text: `reconnecting in ${state.seconds} s`, now: true };
    case 'connecting':
      return { name: 'connecting', tone: 'plain', text: 'connecting' };
    case 'ended': {
      if (!end) return { name: 'ended', tone: 'plain', text: 'ended' };
      const { tone, text } = describeEnd(end.data ?? {});
      return { name: 'ended', tone: tone === 'good' || tone === 'bad' || tone === 'warn' ? tone : 'plain', text: `ended: ${text}` };
    }
  }
  if (empty) return { name: 'waiting', tone: 'plain', text: 'waiting' };
  if (!following) return { name: 'paused', tone: 'plain', text: unseen > 0 ? `paused, ${count(unseen)} new` : 'paused' };
  return { name: 'live', tone: 'good', text: 'live' };
}
