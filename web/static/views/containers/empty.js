// What the list says on an engine without containers: how to get one, with an
// image that is there if there is one.

import { get } from '../../lib/api.js';
import { request } from '../../lib/commands.js';
import { el } from '../../lib/dom.js';
import '../../components/hub-copy.js';

/** @param {HTMLElement} place @param {import('../../app.js').App} app */
export async function emptyList(place, app) {
  if (place.querySelector('hub-copy')) return; // it says so already
  const href = (/** @type {string} */ path) => app.root + path;
  const copy = /** @type {import('../../components/hub-copy.js').HubCopy} */ (el('hub-copy', { shown: true }));
  const form = el('a', { class: 'button', href: href('ui/containers?run=') }, 'Run a container');
  const build = el('a', { class: 'button', href: href('ui/images?build=1') }, 'Build an image');
  const suggest = (/** @type {string} */ image) => {
    copy.command = request(app.base, 'POST', 'docker/run', { image, name: 'web', ports: { '80/tcp': 8080 } });
    form.setAttribute('href', href(`ui/containers?run=${encodeURIComponent(image)}`));
  };
  suggest('nginx:alpine');
  place.replaceChildren(el('h2', {}, 'No containers yet'),
    el('p', {}, 'Run one from an image, here or in a terminal:'), copy,
    el('p', { class: 'bar' }, form, build));
  const images = await get('docker/images').catch(() => []);
  const there = images.flatMap((/** @type {{tags: string[]}} */ { tags }) => tags);
  if (there.length && !there.includes('nginx:alpine')) suggest(there[0]);
}
