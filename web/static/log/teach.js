// What an empty log says: that it waits, for what, and how to send something.

import { pipe } from '../lib/commands.js';
import { el } from '../lib/dom.js';
import { isPattern } from '../stream/topics.js';
import '../components/hub-copy.js';

/**
 * @param {string} base the hub's address
 * @param {string[]} topics
 * @returns {HTMLElement[]}
 */
export function teach(base, topics) {
  const [topic] = topics;
  const parts = [el('p', {}, 'Nothing here yet. What comes shows at once.')];
  if (topics.length > 1 || isPattern(topic)) return parts;
  const [head] = topic.split('/');
  if (OWN[head]) return [...parts, el('p', {}, OWN[head])];
  const copy = /** @type {import('../components/hub-copy.js').HubCopy} */ (el('hub-copy', { shown: true }));
  copy.command = pipe(base, topic);
  return [...parts, el('p', {}, 'To send the output of a command here:'), copy];
}

/** What the hub itself writes, nobody can send. @type {Record<string, string | undefined>} */
const OWN = {
  tasks: 'A task that does not exist yet is waited for; of one that ended long ago nothing is kept.',
  containers: 'A container that does not exist yet is waited for; one that runs has written nothing so far.',
  docker: 'The next event of the engine shows here.',
  system: 'The next figures of the host show here.',
  hub: 'What the hub tells of itself shows here.',
};
