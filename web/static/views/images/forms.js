// The forms of the images view: what the address asks for stands in a panel
// above the list.

import { begin, get, post } from '../../lib/api.js';
import { el } from '../../lib/dom.js';
import { form } from '../../ui/form.js';
import { pruneForm } from './prune.js';
import { buildRequest, example, partsOf } from './words.js';

/** @typedef {import('../../app.js').App} App */
/**
 * What a form needs of the view.
 * @typedef {object} Place
 * @property {App} app
 * @property {(id: string, type: string, name: string) => void} follow a pull or push that has begun
 * @property {() => void} changed the list is to be read again
 * @property {() => void} close
 */

/** By what the address calls them; the value is the image's name, or 1. @type {Record<string, {title: (value: string) => string, make: (place: Place, value: string) => HTMLElement}>} */
export const FORMS = {
  pull: { title: () => 'Pull an image', make: pull },
  build: { title: () => 'Build an image', make: build },
  tag: { title: (name) => `Another name for ${name}`, make: tag },
  push: { title: (name) => `Push ${name}`, make: push },
  login: { title: () => 'Log in to a registry', make: login },
  prune: { title: () => 'Remove what nobody uses', make: pruneForm },
};

/** @param {Place} place @param {string} value */
function pull(place, value) {
  return form({
    label: 'Pull an image', submit: 'Pull',
    fields: [
      { name: 'name', label: 'Image', required: true, value: value === '1' ? '' : value, placeholder: 'nginx:alpine', hint: 'with its registry’s host where that is not Docker Hub' },
      { name: 'platform', label: 'Platform', rare: true, placeholder: 'linux/arm64', hint: 'the engine’s own where none is given' },
    ],
    request: ({ name, platform }) => ({ path: 'docker/pull', body: { name, ...(platform && { platform }) } }),
    send: ({ path, body }) => begin(path, body),
    done: (id, { name }) => {
      place.follow(id, 'docker_pull', name);
      place.close();
    },
  });
}

/** @param {Place} place */
function build(place) {
  const box = form({
    label: 'Build an image', submit: 'Build',
    fields: [
      { name: 'source', label: 'From', type: 'select', options: [['inline', 'a Dockerfile, written here'], ['git', 'a Git repository'], ['folder', 'a folder on the hub’s machine']] },
      { name: 'tag', label: 'Name', value: 'hello:latest', placeholder: 'site:latest', hint: 'with its registry’s host where it is to be pushed to one' },
      { name: 'dockerfile_content', label: 'Dockerfile', type: 'textarea', rows: 8, value: example([]) },
      { name: 'git_url', label: 'Repository', placeholder: 'https://github.com/example/site.git', hint: 'by http, https or ssh' },
      { name: 'ref', label: 'Branch, tag or commit', placeholder: 'main', hint: 'the default branch where none is given' },
      { name: 'context_path', label: 'Folder', placeholder: '/srv/site' },
      { name: 'dockerfile', label: 'Dockerfile in it', rare: true, placeholder: 'Dockerfile' },
      { name: 'target', label: 'Stage to stop at', rare: true },
      { name: 'platform', label: 'Platform', rare: true, placeholder: 'linux/arm64' },
      { name: 'build_args', label: 'Build arguments', type: 'textarea', rows: 2, rare: true, placeholder: 'VERSION=1.4.2', hint: 'NAME=value, one a line' },
      { name: 'no_cache', label: 'Run each step again', type: 'checkbox', rare: true },
      { name: 'pull', label: 'Ask for newer base images', type: 'checkbox', rare: true },
    ],
    request: buildRequest,
    send: ({ path, body }) => begin(path, body),
    done: (id) => place.app.go(`${place.app.root}ui/tasks/${encodeURIComponent(id)}`),
  });
  const field = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (box.elements.namedItem(name));
  const only = /** @type {Record<string, string[]>} */ ({ inline: ['dockerfile_content'], git: ['git_url', 'ref', 'dockerfile'], folder: ['context_path', 'dockerfile'] });
  const choose = () => {
    for (const name of Object.values(only).flat()) {
      const row = /** @type {HTMLElement} */ (field(name).closest('.field'));
      row.hidden = !only[field('source').value].includes(name);
    }
  };
  field('source').addEventListener('change', choose);
  choose();
  const content = field('dockerfile_content');
  const first = content.value;
  get('docker/images').then((images) => {
    if (content.value !== first) return; // somebody writes already
    content.value = example(images.flatMap((/** @type {{tags: string[]}} */ { tags }) => tags));
    box.refresh();
  }).catch(() => {}); // the list says what is wrong
  return box;
}

/** @param {Place} place @param {string} name */
function tag(place, name) {
  const { repo, tag: old } = partsOf(name);
  return form({
    label: `Another name for ${name}`, submit: 'Tag',
    fields: [
      { name: 'repo', label: 'Name', required: true, value: name.startsWith('sha256:') ? '' : repo, placeholder: 'registry.example:5000/site', hint: 'with its registry’s host where it is to be pushed to one' },
      { name: 'tag', label: 'Tag', value: name.startsWith('sha256:') ? '' : old, placeholder: 'latest' },
    ],
    request: (values) => ({ path: 'docker/tag', body: { source: name, repo: values.repo, ...(values.tag && { tag: values.tag }) } }),
    done: ({ target }) => {
      place.app.toast(`${name} is ${target}, too.`);
      place.changed();
      place.close();
    },
  });
}

/** @param {Place} place @param {string} name */
function push(place, name) {
  const { registry } = partsOf(name);
  const box = form({
    label: `Push ${name}`, submit: 'Push',
    fields: [{ name: 'repo_tag', label: 'Image', required: true, value: name, wide: true }],
    request: ({ repo_tag: image }) => ({ path: 'docker/push', body: { repo_tag: image } }),
    send: ({ path, body }) => begin(path, body),
    done: (id, { repo_tag: image }) => {
      place.follow(id, 'docker_push', image);
      place.close();
    },
  });
  const link = el('a', { href: `?login=${encodeURIComponent(registry || '1')}` }, 'log in');
  return el('div', {}, el('p', { class: 'soft lead' }, registry ? `It goes to the registry ${registry}` : 'It goes to Docker Hub, since its name has no registry’s host',
    '. Where that wants a password, ', link, ' first.'), box);
}

/** @param {Place} place @param {string} value the registry's host, or 1 */
function login(place, value) {
  return form({
    label: 'Log in to a registry', submit: 'Log in',
    fields: [
      { name: 'registry', label: 'Registry', value: value === '1' ? '' : value, placeholder: 'Docker Hub', hint: 'its host, and port where it has one of its own' },
      { name: 'username', label: 'User', required: true },
      { name: 'password', label: 'Password or token', type: 'password', required: true, hint: 'kept in the hub’s memory until it ends, never shown' },
    ],
    request: ({ registry, username, password }) => {
      const body = { ...(registry && { registry }), username, password };
      return { path: 'docker/login', body, shown: { ...body, password: 'PASSWORD' } };
    },
    send: ({ path, body }) => post(path, body),
    done: (_, { registry, username }) => {
      place.app.toast(`Logged in to ${registry || 'Docker Hub'} as ${username}.`);
      place.close();
    },
  });
}
