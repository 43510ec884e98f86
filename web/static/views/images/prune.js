// Removing what nobody uses: first what would go and what that frees, then,
// when that is wanted, the same in earnest.

import { post } from '../../lib/api.js';
import { request } from '../../lib/commands.js';
import { el } from '../../lib/dom.js';
import { bytes, counted } from '../../lib/format.js';
import { action } from '../../ui/action.js';
import '../../components/hub-copy.js';
import { form } from '../../ui/form.js';
import { short } from './words.js';

/** @typedef {Record<string, any>} Pruned as the hub answers */

/** @type {[string, string, string][]} of the answer, and what one of it is called, and its plural */
const KINDS = [['images_deleted', 'image or layer', 'images and layers'], ['containers_deleted', 'container', 'containers'], ['volumes_deleted', 'volume', 'volumes'],
  ['networks_deleted', 'network', 'networks'], ['build_cache_deleted', 'build cache entry', 'build cache entries']];

/** "2 images and layers, 1 container" @param {Pruned} pruned */
const wordsOf = (pruned) => KINDS.flatMap(([key, one, many]) => (pruned[key]?.length ? [pruned[key].length === 1 ? `1 ${one}` : `${pruned[key].length} ${many}`] : [])).join(', ');

/** @param {import('./forms.js').Place} place */
export function pruneForm(place) {
  const result = el('div', { class: 'found', 'aria-live': 'polite' });
  const box = form({
    label: 'Remove what nobody uses', submit: 'See what would go',
    fields: [
      { name: 'images', label: 'Images without a name', type: 'checkbox', value: true, hint: 'that no container is of' },
      { name: 'containers', label: 'Stopped containers', type: 'checkbox', hint: 'their logs and files go with them' },
      { name: 'build_cache', label: 'Build cache', type: 'checkbox', hint: 'the next build takes longer' },
      { name: 'networks', label: 'Networks', type: 'checkbox', hint: 'without a running container' },
      { name: 'volumes', label: 'Volumes without a name', type: 'checkbox', hint: 'that no container has' },
      { name: 'until', label: 'Only what is older than', placeholder: '24h', hint: 'a duration or a time' },
    ],
    request: (values) => ({ path: 'docker/prune', body: { ...wishOf(values), dry_run: true } }),
    done: (pruned, values) => result.replaceChildren(...found(place, pruned, wishOf(values), () => result.replaceChildren())),
  });
  box.addEventListener('input', () => result.replaceChildren()); // it was about another choice
  return el('div', {}, box, result);
}

/** @param {Record<string, any>} values */
function wishOf({ until, ...kinds }) {
  if (!Object.values(kinds).some(Boolean)) throw new Error('Choose at least one kind of thing to remove.');
  return { ...kinds, ...(until && { until }) };
}

/** @param {import('./forms.js').Place} place @param {Pruned} pruned what would go @param {Record<string, any>} wish @param {() => void} clear */
function found(place, pruned, wish, clear) {
  const words = wordsOf(pruned);
  if (!words) return [el('p', {}, 'There is nothing of that which nobody uses.')];
  const amount = bytes(pruned.space_reclaimed);
  const remove = async () => {
    const gone = await post('docker/prune', wish);
    place.app.toast(`Removed ${wordsOf(gone) || 'nothing'}: ${bytes(gone.space_reclaimed)} freed.`);
    clear();
    place.changed();
  };
  const curl = /** @type {import('../../components/hub-copy.js').HubCopy} */ (el('hub-copy', { label: 'as curl' }));
  curl.command = request(place.app.base, 'POST', 'docker/prune', wish);
  const lists = KINDS.flatMap(([key, , many]) => (pruned[key]?.length ? [el('details', {}, el('summary', {}, `${many}: ${pruned[key].length}`),
    el('ul', { class: 'mono' }, ...pruned[key].slice(0, 200).map((/** @type {string} */ id) => el('li', {}, /^(sha256:)?[0-9a-f]{64}$/.test(id) ? short(id) : id))))] : []));
  return [
    el('p', {}, el('b', {}, `${words} would go, ${pruned.space_reclaimed ? `and free about ${amount}` : 'and free next to nothing'}.`)), ...lists,
    el('p', { class: 'bar' }, action(`Remove them, free ${amount}`, remove, { class: 'danger',
      confirm: { title: `Remove ${words}?`, text: `That frees about ${amount}, and cannot be undone. ${counted(Object.values(wish).filter((kind) => kind === true).length, 'kind')} of things were chosen.`, action: 'Remove' } }), curl),
  ];
}
