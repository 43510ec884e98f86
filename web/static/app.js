// The page: one client, the list of topics, the tail of the chosen one. Only
// here do the parts know of each other.

import { HubClient } from './client.js';
import { topicsOf } from './lib/route.js';
import { overlaps } from './stream/topics.js';
import './components/hub-connection.js';
import './components/hub-copy.js';
import './components/hub-guide.js';
import './components/hub-tail.js';
import './components/hub-topics.js';
import './components/hub-usage.js';

const USAGE = 'system/usage';

/** The hub's address, from where this file came, so that it may live under any path. */
const base = new URL('..', import.meta.url).href;
const root = new URL(base).pathname;

const connection = /** @type {import('./components/hub-connection.js').HubConnection} */ (document.querySelector('hub-connection'));
const guide = /** @type {import('./components/hub-guide.js').HubGuide} */ (document.querySelector('hub-guide'));
const tail = /** @type {import('./components/hub-tail.js').HubTail} */ (document.querySelector('hub-tail'));
const topics = /** @type {import('./components/hub-topics.js').HubTopics} */ (document.querySelector('hub-topics'));
const usage = /** @type {import('./components/hub-usage.js').HubUsage} */ (document.querySelector('hub-usage'));

const client = new HubClient({
  url: base,
  onState(state) {
    connection.show(state);
    if (state.name === 'live') topics.refresh();
  },
});
connection.onretry = () => client.retryNow();

/** @param {import('./client.js').HubEvent} event */
const hostFigures = (event) => {
  if (event.topic === USAGE) usage.show(event.data ?? {});
};
tail.onevent = hostFigures;

/** @type {ReturnType<HubClient['subscribe']> | undefined} */
let figures;
let chosen = '';

/** Shows what the address asks for. */
function open() {
  const wanted = topicsOf(location, root);
  if (figures && chosen === wanted.join()) return;
  chosen = wanted.join();
  guide.hidden = wanted.length > 0;
  tail.hidden = !wanted.length;
  document.body.classList.toggle('chosen', wanted.length > 0);
  document.title = wanted.length ? `${wanted.join(', ')} · hub` : 'hub';
  topics.choose(wanted);

  // A tail that shows the host's figures feeds the header too: the client
  // follows no topic twice.
  const covered = wanted.some((topic) => overlaps(topic, USAGE));
  tail.leave();
  if (covered) figures?.close();
  if (wanted.length) tail.show(client, base, wanted);
  if (!covered && (!figures || figures.state.name === 'closed')) {
    figures = client.subscribe(USAGE, { since: '1m', onEvent: hostFigures });
  }
}

guide.show(base);
topics.start(base);
open();
addEventListener('popstate', open);
addEventListener('hashchange', open);

document.addEventListener('click', (event) => {
  if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element && event.target.closest('a');
  if (!link || link.origin !== location.origin) return;
  if (link.classList.contains('skip')) {
    event.preventDefault();
    if (tail.hidden) document.querySelector('main')?.focus();
    else tail.focus();
  } else if (link.pathname.startsWith(`${root}stream/`) && !link.hash) {
    event.preventDefault(); // the hub would serve this same page there
    history.pushState(null, '', link.href);
    open();
  }
});
