// What is about to be deployed: the form that the address asks for, and before
// a deploy of an older run what that will do.

import { get } from '../../lib/api.js';
import { el } from '../../lib/dom.js';
import { problem } from '../../ui/problem.js';
import { ownForm, siteForm } from './forms.js';
import { valuesOf } from './run.js';

/** @typedef {{base: string, root: string, started: (id: string) => void}} Page */

/**
 * The wish is what the query says: new=site, new=stages, again=ID, rollback=ID.
 * That of a hub that has deployed nothing yet, new=first, is not to be closed.
 * @param {URLSearchParams} query
 * @returns {{name: 'new' | 'again' | 'rollback', value: string} | undefined}
 */
export function wishOf(query) {
  for (const name of /** @type {const} */ (['rollback', 'again', 'new'])) {
    const value = query.get(name);
    if (value) return { name, value };
  }
  return undefined;
}

/**
 * @param {NonNullable<ReturnType<typeof wishOf>>} wish
 * @param {Page} page
 * @param {AbortSignal} signal
 * @returns {Promise<HTMLElement>}
 */
export async function panel({ name, value }, page, signal) {
  if (name === 'new') {
    return value === 'stages'
      ? framed('Stages of your own', page, el('p', { class: 'soft' }, 'Done one after another; the first that fails ends the run, and what served before serves on.'), ownForm(page.base, page.started))
      : framed('Deploy a site', value === 'first' ? undefined : page, siteForm(page.base, { tag: 'latest', host_port: '8080' }, 'Deploy', page.started));
  }
  /** @type {import('./run.js').Run} */ let run;
  try {
    run = await get(`pipeline/${encodeURIComponent(value)}`, {}, { signal });
  } catch (error) {
    return framed(name === 'again' ? 'Deploy again' : 'Roll back', page, problem(error));
  }
  const back = name === 'rollback';
  const values = valuesOf(run, back);
  const when = new Date(run.created_at * 1000).toLocaleString();
  const unknown = el('p', { class: 'soft' }, 'Its values stand below, but for what the hub tells nobody: passwords and secrets, and, under More, a Dockerfile, the container’s port and the probe’s seconds where they were not the usual ones.');
  if (!back) return framed(`Deploy ${run.site} again`, page, el('p', {}, `As on ${when}, from the repository as it is now.`), unknown, siteForm(page.base, values, 'Deploy again', page.started));
  return framed(`Roll back ${run.site}`, page,
    el('p', {}, `This deploys once more what was deployed on ${when}:`),
    el('ol', { class: 'plan' },
      el('li', {}, 'commit ', el('code', {}, values.ref), ' is cloned and its image built'),
      el('li', {}, 'that is pushed as ', el('code', {}, `${values.dockerhub_repo}:${values.tag}`), ', which stands for another image until then'),
      el('li', {}, `it is run and asked; once it answers it takes port ${values.host_port}, and what serves now is removed`)),
    unknown, siteForm(page.base, values, 'Roll back', page.started));
}

/** @param {string} title @param {Page | undefined} page where closing it leads @param {Node[]} content */
const framed = (title, page, ...content) => el('section', { class: 'panel', 'aria-label': title },
  el('header', {}, el('h2', { tabindex: '-1' }, title), el('span', { class: 'grow' }), ...(page ? [el('a', { class: 'button', href: `${page.root}ui/deploy` }, 'Close')] : [])), ...content);
