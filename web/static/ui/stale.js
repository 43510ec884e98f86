// Notices that the hub behind the page is another build than the page's own,
// and offers to load the page anew: an old page may misread a new hub.

import { el } from '../lib/dom.js';

/**
 * Looks whenever the connection comes back, for only a hub that was away can be
 * another. The page's ETag is its build, which the page has within itself.
 * @param {import('../app.js').App} app
 */
export function watchForUpdate(app) {
  const own = document.querySelector('meta[name=build]')?.getAttribute('content');
  if (!own) return;
  let away = false;
  let told = false;
  const look = async () => {
    const page = await fetch(new URL('assets/index.html', app.base), { method: 'HEAD', cache: 'no-store' }).catch(() => undefined);
    const etag = page?.ok && page.headers.get('ETag');
    if (!etag || etag.includes(own) || told) return; // a proxy may have put something around it
    told = true;
    app.toast(el('p', { class: 'stale', role: 'status' }, 'The hub was updated. ',
      el('button', { type: 'button', class: 'primary', onclick: () => location.reload() }, 'Reload')));
  };
  // A topic that nothing is ever published to: what counts is the connection.
  app.client.subscribe('hub/build', {
    since: 'now',
    onState({ name }) {
      if (name === 'reconnecting') away = true;
      else if (name === 'live' && away) {
        away = false;
        look();
      }
    },
  });
}
