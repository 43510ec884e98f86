// The first deploy, step by step, for a hub that has none.

import { el } from '../../lib/dom.js';
import '../../components/hub-copy.js';

const REGISTRY = 'docker run -d --name registry -p 5000:5000 registry:2';

export const guide = () => el('div', { class: 'guide' },
  el('h2', {}, 'Nothing is deployed yet'),
  el('p', {}, 'A deploy clones a repository, builds an image of it, pushes that to a registry, pulls it, runs it and asks it until it answers. Only then does it take the place of what served before; if it never answers, the old one serves on.'),
  el('ol', {},
    step('A registry for the image', el('p', {}, 'An account at Docker Hub will do: the image is then ', code('you/site'), ', and the form wants your user and an access token. Or run one of your own on the engine’s host, without a password; the image is then ', code('localhost:5000/site'), ':'), command(REGISTRY)),
    step('A repository', el('p', {}, 'with an ', code('index.html'), ' at its top, or with a Dockerfile, which is named under More.')),
    step('The form', el('p', {}, 'right below: repository, image, and a port of the host that is free. The run appears on this page, with each stage as it goes.'))));

/** @param {string} title @param {Node[]} rest */
const step = (title, ...rest) => el('li', {}, el('h3', {}, title), ...rest);

/** @param {string} text */
const code = (text) => el('code', {}, text);

/** @param {string} text */
function command(text) {
  const copy = /** @type {import('../../components/hub-copy.js').HubCopy} */ (el('hub-copy', { shown: true }));
  copy.command = text;
  return copy;
}
