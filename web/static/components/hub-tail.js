// The tail of the chosen topic: its name and state, the commands that do the
// same in a terminal, and its log.

import { curl, pipe, websocat } from '../lib/commands.js';
import { describe, end } from '../lib/describe.js';
import { announce, el, say } from '../lib/dom.js';
import { count, counted, duration } from '../lib/format.js';
import { isPattern } from '../stream/topics.js';
import { sentence } from './hub-connection.js';
import './hub-copy.js';
import './hub-log.js';

/** @typedef {import('../client.js').HubEvent} HubEvent */
/** @typedef {import('../client.js').State} State */
/** @typedef {import('../lib/rows.js').Row} Row */

class HubTail extends HTMLElement {
  #name = el('h1');
  #state = el('span', { class: 'state' });
  #curl = /** @type {import('./hub-copy.js').HubCopy} */ (el('hub-copy', { label: 'curl' }));
  #websocat = /** @type {import('./hub-copy.js').HubCopy} */ (el('hub-copy', { label: 'websocat' }));
  #log = /** @type {import('./hub-log.js').HubLog} */ (el('hub-log'));
  #waiting = el('div', { class: 'waiting', hidden: true });
  /** @type {ReturnType<import('../client.js').HubClient['subscribe']> | undefined} */ #subscription;
  /** @type {HubEvent | undefined} */ #end;
  /** @type {{row: Row, since: number} | undefined} the row that says the connection is lost */ #lost;

  /** @type {(event: HubEvent) => void} hears every event shown */
  onevent = () => {};

  connectedCallback() {
    const back = el('a', { class: 'back', href: '#/', 'aria-label': 'All topics' }, '‹');
    this.replaceChildren(
      el('div', { class: 'head' }, back, this.#name, this.#state,
        el('div', { class: 'commands' }, el('span', { class: 'hint' }, 'copy'), this.#curl, this.#websocat)),
      this.#waiting, this.#log);
  }

  /**
   * @param {import('../client.js').HubClient} client
   * @param {string} base
   * @param {string[]} topics
   */
  show(client, base, topics) {
    this.leave();
    const name = topics.join(', ');
    const single = topics.length === 1 && !isPattern(name);
    say(this.#name, name);
    this.#curl.command = curl(base, topics);
    this.#websocat.command = websocat(base, topics);
    this.#log.start(name, single ? undefined : topics.length > 1 ? '' : name.slice(0, name.indexOf('*')));
    this.#teach(base, single ? name : '');
    this.#subscription = client.subscribe(topics, {
      // A container's log may be long and a pattern's many: there the hub chooses the start.
      since: single && !name.startsWith('containers/') ? 'all' : undefined,
      onEvent: (event) => this.#take(event),
      onGap: (event) => this.#take(event),
      onEnd: (event) => this.#ended(event),
      onDoubt: (doubt) => this.#doubt(doubt),
      onError: (detail) => this.#log.note({ tone: 'bad', mark: 'error', text: detail }),
      onState: (state) => this.#stateChanged(state),
    });
    this.#tell(this.#subscription.state);
  }

  /** Ends the subscription. */
  leave() {
    this.#end = this.#lost = undefined;
    this.#subscription?.close();
    this.#subscription = undefined;
  }

  focus() {
    this.#log.focus();
  }

  /** @param {HubEvent} event */
  #take(event) {
    this.#waiting.hidden = true;
    if (this.#end && this.#end.topic === event.topic) this.#end = undefined;
    this.#log.push(event);
    this.onevent(event);
    this.#tell(this.#subscription?.state);
  }

  /** @param {HubEvent} event */
  #ended(event) {
    this.#take(event);
    this.#end = event;
    announce(`${event.topic}: ${describe(event).text}`);
  }

  /** @param {import('../client.js').Doubt} doubt */
  #doubt({ topic, expected, got, missing }) {
    const text = missing === null
      ? `${topic} counts anew: event ${count(got)} came where ${count(expected)} was due`
      : `${counted(missing, 'event')} of ${topic} did not come, and the hub did not say why (${count(expected)} was due, ${count(got)} came)`;
    this.#log.note({ tone: 'bad', mark: 'doubt', text });
  }

  /** @param {State} state */
  #stateChanged(state) {
    const now = new Date().toISOString();
    if (state.name === 'reconnecting' && !this.#lost && !this.#log.empty) {
      const row = this.#log.note({ tone: 'warn', mark: 'hub', time: now, text: `connection lost (${state.reason}), reconnecting …` });
      this.#lost = { row, since: Date.now() };
    } else if (this.#lost && (state.name === 'live' || state.name === 'ended')) {
      const text = `connection lost for ${duration(Date.now() - this.#lost.since)}, then reconnected`;
      this.#log.rewrite(this.#lost.row, { tone: 'note', text });
      this.#lost = undefined;
    }
    this.#tell(state);
  }

  /** @param {State} [state] */
  #tell(state) {
    if (!state) return;
    const over = state.name === 'ended' && this.#end && end(this.#end.data ?? {});
    const waiting = state.name === 'live' && this.#log.empty;
    this.#state.dataset.tone = over ? over.tone : waiting ? 'waiting' : state.name;
    say(this.#state, over ? `ended: ${over.text}` : waiting ? 'waiting' : sentence(state));
  }

  /** @param {string} base @param {string} topic one that a command can be piped into, or "" */
  #teach(base, topic) {
    const own = /^(tasks|containers|docker|system|hub)(\/|$)/.test(topic);
    this.#waiting.hidden = false;
    this.#waiting.replaceChildren(el('p', {}, 'Nothing here yet. What comes shows at once.'));
    if (!topic || own) return;
    const copy = /** @type {import('./hub-copy.js').HubCopy} */ (el('hub-copy', { shown: true }));
    copy.command = pipe(base, topic);
    this.#waiting.append(el('p', {}, 'To send the output of a command here:'), copy);
  }
}

customElements.define('hub-tail', HubTail);
export { HubTail };
