// What a task has come to, and what one does with it next: the image that was
// built or pulled, the address of a site.

import { begin } from '../../lib/api.js';
import { el } from '../../lib/dom.js';
import { action } from '../../ui/action.js';
import '../../components/hub-copy.js';
import { taskHref } from './row.js';
import { isPipeline, short } from './words.js';

/** @typedef {import('../../app.js').App} App */

/**
 * @param {App} app
 * @param {string} type
 * @param {Record<string, any>} about
 * @param {Record<string, any>} result
 * @returns {HTMLElement | undefined} nothing where there is nothing to tell
 */
export function resultOf(app, type, about, result) {
  /** @type {[string, (Node | string)[]][]} */ const facts = [];
  /** @type {HTMLElement[]} */ const next = [];
  if (type === 'docker_build') {
    facts.push(['Image', [id(result.image_id)]]);
    if (result.tag) {
      facts.push(['Tag', [el('code', {}, result.tag)]]);
      next.push(pushButton(app, result.tag));
    }
    next.unshift(runLink(app, result.tag || result.image_id));
    for (const warning of result.warnings ?? []) facts.push(['Warning', [warning]]);
  } else if (type === 'docker_pull') {
    const [tag] = result.tags ?? [];
    facts.push(['Image', [id(result.id)]], ['Tag', [el('code', {}, (result.tags ?? []).join(', ') || `${about.name}`)]]);
    next.push(runLink(app, tag || result.id));
  } else if (type === 'docker_push') {
    facts.push(['Pushed', [el('code', {}, `${result.pushed}`)]], ['Digest', [id(result.digest)]]);
  } else if (type === 'docker_load') {
    facts.push(['Loaded', [el('code', {}, (result.tags ?? []).join(', ') || (result.images ?? []).map(short).join(', '))]]);
  } else if (type === 'docker_save') {
    facts.push(['Saved to', [el('code', {}, `${result.saved_to}`)]]);
  } else if (isPipeline(type)) {
    if (/^https?:\/\//.test(result.url ?? '')) facts.push(['Site', [siteLink(result.url)]]);
    if (result.run?.name) facts.push(['Container', [el('a', { href: `${app.root}ui/containers/${encodeURIComponent(result.run.name)}/log` }, result.run.name)]]);
    if (result.commit) facts.push(['Commit', [id(result.commit)]]);
  } else if (result.signal) facts.push(['Killed by', [`${result.signal}`]]);
  if (!facts.length) return undefined;
  return el('section', { class: 'result', 'aria-label': 'Result' },
    el('dl', {}, ...facts.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, ...value)])),
    ...(next.length ? [el('div', { class: 'next' }, ...next)] : []));
}

/** An id in short, with the whole of it to copy. @param {unknown} whole */
function id(whole) {
  const copy = /** @type {import('../../components/hub-copy.js').HubCopy} */ (el('hub-copy', { label: 'id' }));
  copy.command = `${whole}`;
  return el('span', { class: 'id' }, el('code', { title: `${whole}` }, short(whole)), ' ', copy);
}

/** @param {App} app @param {string} image */
const runLink = (app, image) => el('a', { class: 'button primary', href: `${app.root}ui/containers?run=${encodeURIComponent(image)}` }, 'Run it');

/** @param {App} app @param {string} tag */
const pushButton = (app, tag) =>
  action('Push', async () => app.go(taskHref(app, await begin('docker/push', { repo_tag: tag }))), { title: `Push ${tag} to its registry` });

/** The hub calls its own machine localhost, which a reader elsewhere does not. @param {string} url */
function siteLink(url) {
  const address = new URL(url);
  if (address.hostname === 'localhost') address.hostname = location.hostname;
  return el('a', { href: address.href, target: '_blank', rel: 'noopener noreferrer' }, address.href);
}
