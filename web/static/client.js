// A client of the hub's streams, for this page and for yours.
//
//   import { HubClient } from '/assets/client.js';
//
//   const hub = new HubClient();
//   const build = hub.subscribe('ci/1', {
//     since: 'all',                                   // or an id, 'now', '10m', a time; absent: the topic's own start
//     types: ['line', 'stage'],                       // absent: all
//     onEvent: (event) => console.log(event.data.line),
//     onGap: ({ data }) => console.warn(data.count, 'events lost:', data.reason),
//     onEnd: ({ data }) => console.log(data.status, data.exit_code),
//     onState: (state) => console.log(state.name, state.seconds),
//   });
//   build.close();                                    // or hub.close() for all of them
//
// What it promises:
//  - One WebSocket carries all subscriptions; where none can be had, an
//    EventSource for each takes its place (browsers allow about six).
//  - After a drop it comes back by itself, for ever: at first within a second,
//    then at growing, jittered intervals of at most 15 s, at once when the
//    machine is online again. Only a hub that closes with 4500 to 4999 ("do not
//    come back") and close() end it.
//  - It resumes behind the last event it gave you. No event comes twice, and
//    what cannot be had any more comes as a gap.
//  - It checks the events' numbers: onDoubt hears of any that should have come
//    and did not (never heard of yet; it is there so that you need not trust).
//  - A topic that does not exist is waited for. One that has ended may be opened
//    again by a publish, and its events then come too (not over EventSource).
//  - What your callbacks throw is reported and harms no other subscription.
//
// Events do not say which subscription they belong to, so the topics of one
// client's subscriptions must not overlap: subscribe throws where they would.
// Event is {id, n, topic, type, time, data}; a line is type "line" with
// data {stream, line}.

import { Cursor } from './stream/cursor.js';
import { openSocket, openSources } from './stream/links.js';
import { isTopic, overlaps } from './stream/topics.js';

/** @typedef {import('./stream/cursor.js').HubEvent} HubEvent */
/** @typedef {import('./stream/cursor.js').Doubt} Doubt */

/**
 * `reconnecting` comes once a second with the seconds left. `ended` is for a
 * subscription whose topics have all ended. `reason` says why it is not live.
 * @typedef {object} State
 * @property {'connecting' | 'live' | 'reconnecting' | 'ended' | 'closed'} name
 * @property {number} [seconds] until the next attempt
 * @property {string} [reason]
 * @property {string} [transport] "WebSocket" or "EventSource"
 */

/**
 * @typedef {object} Handlers
 * @property {string} [since]
 * @property {string[]} [types] only events of these types, and gaps and ends; numbers left out are then no loss
 * @property {(event: HubEvent) => void} [onEvent] every event but gap and end
 * @property {(gap: HubEvent) => void} [onGap] data: {topic, from, to, count, reason}
 * @property {(end: HubEvent) => void} [onEnd] data: {status, exit_code?, error?, result?}
 * @property {(doubt: Doubt) => void} [onDoubt]
 * @property {(state: State) => void} [onState]
 * @property {(detail: string) => void} [onError] the hub refused the subscription, which is closed then
 */

const FIRST_WAIT = 1_000; // ms, the longest first wait
const LONGEST_WAIT = 15_000; // ms
const PROVEN = 10_000; // ms a connection must have lived for the waits to start over

/** One reader of one or several topics. Made by HubClient.subscribe. */
class Subscription extends Cursor {
  /** @type {State} */ state = { name: 'connecting' };

  /**
   * @param {HubClient} client
   * @param {string[]} topics
   * @param {Handlers} handlers
   */
  constructor(client, topics, handlers) {
    super(topics, handlers.since, handlers.types);
    this.client = client;
    this.handlers = handlers;
  }

  /** Ends the subscription; nothing is called after it but onState. */
  close() {
    this.client.unsubscribe(this);
  }

  /** @param {State} connection */
  follow(connection) {
    const state = this.ended && connection.name !== 'closed' ? { ...connection, name: /** @type {const} */ ('ended') } : connection;
    if (state.name === this.state.name && state.seconds === this.state.seconds) return;
    this.state = state;
    call(this.handlers.onState, state);
  }

  /** @param {HubEvent} event */
  take(event) {
    const { repeat, doubt } = this.accept(event);
    if (repeat) return;
    if (doubt) call(this.handlers.onDoubt, doubt);
    if (event.type === 'gap') call(this.handlers.onGap, event);
    else if (event.type === 'end') call(this.handlers.onEnd, event);
    else call(this.handlers.onEvent, event);
  }
}

export class HubClient {
  /** @type {Set<Subscription>} */ #subscriptions = new Set();
  /** @type {import('./stream/links.js').Link | undefined} */ #link;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;
  #attempts = 0;
  #liveSince = 0;
  #socketWorks = false;
  #options;
  #away = new AbortController();

  /** How far the hub's clock is ahead of this machine's, in ms; what the last connection said. */
  clock = 0;
  /** The hub's version, as the last connection said; "" before the first. */
  version = '';

  /** @type {State} of the connection */
  state = { name: 'connecting' };

  /**
   * @param {object} [options]
   * @param {string} [options.url] the hub's address; by default the hub that served this file
   * @param {(state: State) => void} [options.onState] the connection's state
   * @param {typeof WebSocket | null} [options.WebSocket] null: not to be had
   * @param {typeof EventSource | null} [options.EventSource]
   * @param {() => number} [options.random] the jitter, from 0 to under 1
   */
  constructor(options = {}) {
    this.#options = {
      url: new URL('..', import.meta.url).href,
      WebSocket: globalThis.WebSocket,
      EventSource: globalThis.EventSource,
      random: Math.random,
      ...options,
    };
    globalThis.addEventListener?.('online', () => this.retryNow(), { signal: this.#away.signal });
  }

  /**
   * Follows topics, given as one or a list; "*" stands for one segment, a last
   * "**" for one or more. The first call connects.
   * @param {string | string[]} topics
   * @param {Handlers} [handlers]
   */
  subscribe(topics, handlers = {}) {
    const list = listOf(topics);
    const wrong = list.length ? list.find((topic) => !isTopic(topic)) : '';
    if (wrong !== undefined) throw new TypeError(`cannot subscribe: "${wrong}" is not a topic`);
    for (const { topics: held } of this.#subscriptions) {
      const twice = list.find((topic) => held.some((each) => overlaps(each, topic)));
      if (twice) throw new Error(`cannot subscribe to ${twice}: this client already follows ${held.join(', ')}`);
    }
    const subscription = new Subscription(this, list, handlers);
    this.#subscriptions.add(subscription);
    if (this.state.name === 'live') this.#link?.add(subscription);
    else if (!this.#link && !this.#timer && this.state.name !== 'closed') this.#connect();
    else if (this.#link?.name === 'EventSource') this.#link.add(subscription);
    subscription.follow(this.state);
    return subscription;
  }

  /** Whether subscribe would take these topics beside those followed now. @param {string | string[]} topics */
  free(topics) {
    return [...this.#subscriptions].every(({ topics: held }) =>
      !listOf(topics).some((topic) => held.some((each) => overlaps(each, topic))));
  }

  /** @param {Subscription} subscription */
  unsubscribe(subscription) {
    if (!this.#subscriptions.delete(subscription)) return;
    this.#link?.remove(subscription);
    subscription.follow({ name: 'closed' });
  }

  /** Does not wait for the next attempt. */
  retryNow() {
    if (this.state.name !== 'reconnecting') return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#connect();
  }

  /** Ends the connection and every subscription. */
  close() {
    this.#away.abort();
    clearTimeout(this.#timer);
    this.#link?.close();
    this.#link = undefined;
    this.#say({ name: 'closed' });
    this.#subscriptions.clear();
  }

  #connect() {
    const { url, WebSocket, EventSource } = this.#options;
    const current = (/** @type {(...args: any[]) => void} */ f) => (/** @type {any[]} */ ...args) => {
      if (this.state.name !== 'closed') f(...args);
    };
    const on = {
      up: current(() => this.#up()),
      hello: current((/** @type {any} */ data) => {
        const ahead = Date.parse(data?.time) - Date.now();
        if (!Number.isNaN(ahead)) this.clock = ahead;
        this.version = `${data?.version ?? ''}`;
      }),
      event: current((/** @type {Subscription} */ s, /** @type {HubEvent} */ event) => {
        if (!this.#subscriptions.has(s)) return;
        s.take(event);
        s.follow(this.state);
      }),
      refused: current((/** @type {Subscription} */ s, /** @type {string} */ detail) => {
        this.unsubscribe(s);
        call(s.handlers.onError, detail);
      }),
      down: current((/** @type {import('./stream/links.js').Down} */ down) => this.#down(down)),
    };
    // A WebSocket that never opened may be forbidden on the way here, or the hub
    // may be away: which one, only trying the other way by turns can tell.
    const useSocket = WebSocket && (!EventSource || this.#socketWorks || this.#attempts % 2 === 0);
    try {
      this.#link = useSocket
        ? openSocket(url, WebSocket, on)
        : openSources(url, /** @type {typeof globalThis.EventSource} */ (EventSource), [...this.#subscriptions], on);
    } catch (error) {
      this.#down({ reason: String(error) }); // a browser's policy may forbid even the attempt
      return;
    }
    if (this.#link) this.#say({ name: 'connecting' });
  }

  #up() {
    const link = this.#link;
    if (!link || this.state.name === 'live') return;
    this.#liveSince = Date.now();
    if (link.name === 'WebSocket') {
      this.#socketWorks = true;
      for (const subscription of this.#subscriptions) link.add(subscription);
    }
    this.#say({ name: 'live', transport: link.name });
  }

  /** @param {import('./stream/links.js').Down} down */
  #down({ reason, final, wait = 0 }) {
    this.#link = undefined;
    if (final) return this.#say({ name: 'closed', reason });
    if (this.state.name === 'live' && Date.now() - this.#liveSince >= PROVEN) this.#attempts = 0;
    const longest = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(this.#attempts++, 10));
    const due = Date.now() + Math.max(wait, longest * (0.5 + this.#options.random() / 2));
    const count = () => {
      const left = due - Date.now();
      this.#timer = undefined;
      if (left <= 0) return this.#connect();
      this.#timer = setTimeout(count, left % 1000 || 1000); // first: what hears of it may close, or not wait
      this.#say({ name: 'reconnecting', seconds: Math.ceil(left / 1000), reason });
    };
    return count();
  }

  /** @param {State} state */
  #say(state) {
    this.state = state;
    call(this.#options.onState, state);
    for (const subscription of this.#subscriptions) subscription.follow(state);
  }
}

/** @param {string | string[]} topics */
const listOf = (topics) => (Array.isArray(topics) ? topics : [topics]);

/**
 * Calls a page's function; what it throws is the page's, and goes where
 * uncaught errors go.
 * @template T
 * @param {((value: T) => void) | undefined} handler
 * @param {T} value
 */
function call(handler, value) {
  try {
    handler?.(value);
  } catch (error) {
    queueMicrotask(() => { throw error; });
  }
}
