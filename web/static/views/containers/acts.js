// The buttons that act on a container. One button starts, stops or goes on,
// whatever fits, so that the focus stays where it is when that changes.

import { post } from '../../lib/api.js';
import { el, say } from '../../lib/dom.js';
import { action } from '../../ui/action.js';
import { dialog } from '../../ui/dialog.js';
import { form } from '../../ui/form.js';
import { alive } from './words.js';

/** @typedef {{name: string, status: string}} Subject */

const SIGNALS = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'];

/** The path of the API and the word for what turns a container on or off. @param {string} status @returns {[path: string, word: string]} */
function turn(status) {
  if (status === 'paused') return ['container/unpause', 'Unpause'];
  return alive(status) ? ['stop', 'Stop'] : ['start', 'Start'];
}

/**
 * @param {() => Subject} subject the container as it is now
 * @param {() => void} done called after each action, and when the container is gone
 */
export function acts(subject, done) {
  const ask = async (/** @type {string} */ path, rest = {}) => {
    await post(`docker/${path}`, { id_or_name: subject().name, ...rest });
    done();
  };
  const turns = action('Start', () => ask(turn(subject().status)[0]));
  const restarts = action('Restart', () => ask('container/restart'));
  const pauses = action('Pause', () => ask('container/pause'));
  const kills = el('button', { type: 'button', onclick: () => killing(subject().name, done) }, 'Kill…');
  let asked = /** @type {Subject} */ ({}); // which one was asked about, and how it stood then
  const removes = action('Remove', () => post('docker/rm', { id_or_name: asked.name, force: alive(asked.status) }).then(done), {
    confirm: () => (asked = { ...subject() }) && ({
      title: `Remove the container ${subject().name}?`,
      text: `${alive(subject().status) ? 'It runs, and is killed first. ' : ''}What it has written to its own files is lost. Its volumes stay.`,
      action: alive(subject().status) ? 'Kill and remove' : 'Remove',
    }),
  });
  const buttons = { turns, restarts, pauses, kills, removes };
  return {
    ...buttons,
    /** Fits the buttons to the container as it is now. */
    update() {
      const { name, status } = subject();
      say(turns, turn(status)[1]);
      restarts.hidden = !alive(status);
      pauses.hidden = status !== 'running';
      kills.hidden = !alive(status);
      for (const button of Object.values(buttons)) button.setAttribute('aria-label', `${button.textContent} ${name}`);
    },
  };
}

/** Asks for a signal and sends it. @param {string} name @param {() => void} done */
function killing(name, done) {
  const box = dialog(`Send a signal to ${name}`, form({
    label: `Signal for ${name}`,
    fields: [{ name: 'signal', label: 'Signal', type: 'select', options: SIGNALS, hint: 'SIGKILL ends its first process at once; the others are asked politely.' }],
    submit: `Send to ${name}`,
    request: ({ signal }) => ({ path: 'docker/container/kill', body: { id_or_name: name, signal } }),
    done: () => {
      box.close();
      done();
    },
  }));
}
