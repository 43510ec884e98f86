// What the hub's pipelines have deployed and the engine runs: sites, where they
// are, since when, and the way back.

import { el, say } from '../../lib/dom.js';
import { keyed } from '../../ui/keyed.js';
import { ago, goodBefore } from './run.js';

/** @typedef {import('./run.js').Run} Run */
/** @typedef {{id: string, name: string, site: string, port: string, task: string, status: string, created: number, image: string}} Served `created` in Unix seconds */

/** The containers that serve sites, of what GET /docker/containers says. @param {any[]} containers @returns {Served[]} */
export const served = (containers) => containers
  .filter(({ labels }) => labels?.['hub.site'] !== undefined && labels['hub.candidate'] !== 'true')
  .map(({ id, name, labels, status, created, image }) => ({
    id, name, status, site: labels['hub.site'], port: labels['hub.port'] ?? '', task: labels['hub.task'] ?? '', created: Date.parse(created) / 1000, image: image?.[0] ?? '',
  }))
  .sort((a, b) => (a.site < b.site ? -1 : 1));

/**
 * @param {HTMLElement} list
 * @param {Served[]} sites
 * @param {{app: import('../../app.js').App, runs: Run[], commits: Map<string, string>, now: number, siteAt: (port: string, task: string) => string}} context
 */
export function showServed(list, sites, { app, runs, commits, now, siteAt }) {
  keyed(list, sites, ({ id }) => id, make, (item, site) => {
    const [name, address, since, container, back] = /** @type {any[]} */ ([...item.children]);
    const run = runs.find(({ task_id: id }) => id === site.task);
    const start = run?.ended_at ?? site.created;
    const commit = commits.get(site.task);
    say(name, site.site);
    address.href = siteAt(site.port, site.task);
    say(address, `${address.host} ↗`);
    say(since, [site.status === 'running' ? `since ${new Date(start * 1000).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })}, ${ago(start, now)}` : site.status, commit && `commit ${commit.slice(0, 12)}`].filter(Boolean).join(' · '));
    container.href = `${app.root}ui/containers/${encodeURIComponent(site.name)}/log`;
    say(container, site.name);
    const before = run && goodBefore(run, runs);
    back.hidden = !before;
    if (before) {
      back.href = `${app.root}ui/deploy?rollback=${encodeURIComponent(before.task_id)}`;
      back.setAttribute('aria-label', `Roll back ${site.site}`);
    }
  });
}

const make = () => el('li', {}, el('strong', {}), el('a', { class: 'address', target: '_blank', rel: 'noopener noreferrer' }), el('span', { class: 'soft' }),
  el('a', { class: 'mono' }), el('a', { class: 'button' }, 'Roll back …'));
