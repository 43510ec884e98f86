// The two ways to the hub behind one shape, a Link: one WebSocket for all
// subscriptions, or, where that cannot be had, one EventSource for each. A link
// lives once: when it is down it says so and is thrown away, and what follows
// (waiting, resuming by id) is the client's affair.

import { overlaps } from './topics.js';

/** @typedef {import('./cursor.js').HubEvent} HubEvent */
/** @typedef {{topics: string[], since: string | undefined, types?: string[], ended: boolean}} Wish what a subscription wants next */

/**
 * Why a link went down. `final`: the hub asked not to come back. `wait`: the
 * least number of milliseconds to stay away.
 * @typedef {{reason: string, final?: boolean, wait?: number}} Down
 */

/**
 * @typedef {object} LinkEvents
 * @property {() => void} up the hub has answered
 * @property {(data: any) => void} hello what the hub says of itself
 * @property {(wish: Wish, event: HubEvent) => void} event
 * @property {(wish: Wish, detail: string) => void} refused the hub does not take this subscription
 * @property {(down: Down) => void} down called once, nothing follows it
 */

/** @typedef {{name: string, add(wish: Wish): void, remove(wish: Wish): void, close(): void}} Link */

const CONNECT_TIMEOUT = 10_000; // ms until a hub that does not answer counts as away
const QUIET = 15_000; // ms of silence after which a WebSocket is asked whether it lives
const LONGEST_PAUSE = 60_000; // ms that a hub may ask a reader to stay away
const DEAD = 45_000; // ms of silence after which it is taken for dead: two of the hub's pings missed

/**
 * @param {string} base the hub's address, http(s), with a last slash
 * @param {typeof WebSocket} Socket
 * @param {LinkEvents} on
 * @returns {Link}
 */
export function openSocket(base, Socket, on) {
  const socket = new Socket(new URL('stream?format=ndjson', base.replace(/^http/, 'ws'))); // many events in a message, when there are many
  /** @type {Map<string, Wish>} */ const asked = new Map();
  /** @type {Set<Wish>} */ const ready = new Set();
  let refs = 0;
  let heard = Date.now();
  let pinged = false;
  let wait = 0;
  let over = false;

  const send = (/** @type {object} */ command) => socket.send(JSON.stringify(command));
  const fall = (/** @type {Down} */ down) => {
    if (over) return;
    over = true;
    clearTimeout(patience);
    clearInterval(pulse);
    socket.close();
    on.down(down);
  };
  const patience = setTimeout(() => fall({ reason: 'no answer' }), CONNECT_TIMEOUT);
  const pulse = setInterval(() => {
    if (socket.readyState !== 1) return;
    const quiet = Date.now() - heard;
    if (quiet >= QUIET && !pinged) {
      pinged = true;
      send({ op: 'ping' });
    } else if (quiet >= DEAD && pinged) fall({ reason: 'silent' });
  }, QUIET);

  /** @param {Wish} wish */
  const ask = (wish) => {
    const ref = `${++refs}`;
    asked.set(ref, wish);
    send({ op: 'sub', topics: wish.topics, since: wish.since, types: wish.types, ref });
  };

  socket.onopen = () => {
    clearTimeout(patience);
    on.up();
  };
  socket.onclose = ({ code, reason }) => fall({
    reason: reason || (code === 1001 ? 'the hub is shutting down' : 'cut off'),
    wait,
    final: code >= 4500 && code <= 4999,
  });
  socket.onmessage = ({ data }) => {
    heard = Date.now();
    pinged = false;
    for (const line of String(data).split('\n')) if (line) take(parse(line));
  };

  /** @param {HubEvent | undefined} event */
  const take = (event) => {
    if (over || !event) return;
    const ref = event.data?.ref;
    const wish = ref && asked.get(ref);
    if (event.type === 'ok') {
      // Only from its ok on do events belong to a subscription: before it they
      // are the last ones of an earlier subscription to the same topic.
      if (wish) ready.add(wish);
      asked.delete(ref);
    } else if (event.type === 'error') {
      if (wish) on.refused(wish, event.data.detail);
      asked.delete(ref);
    } else if (event.type === 'hello') on.hello(event.data);
    else if (event.type === 'bye') {
      wait = pause(event); // each reader is given its own, so that not all come back at once
    } else for (const each of ready) if (concerns(event, each)) on.event(each, event);
  };

  return {
    name: 'WebSocket',
    add: ask,
    remove(wish) {
      for (const [ref, each] of asked) if (each === wish) asked.delete(ref);
      ready.delete(wish);
      if (socket.readyState === 1) send({ op: 'unsub', topics: wish.topics });
    },
    close() {
      over = true;
      clearTimeout(patience);
      clearInterval(pulse);
      socket.close(1000);
    },
  };
}

/**
 * @param {string} base
 * @param {typeof EventSource} Source
 * @param {Wish[]} wishes
 * @param {LinkEvents} on
 * @returns {Link}
 */
export function openSources(base, Source, wishes, on) {
  /** @type {Map<Wish, EventSource>} */ const sources = new Map();
  let heard = Date.now();
  let over = false;
  let wait = 0;

  const close = () => {
    over = true;
    clearTimeout(patience);
    clearInterval(pulse);
    for (const source of sources.values()) source.close();
  };
  const fall = (/** @type {string} */ reason) => {
    if (over) return;
    close();
    on.down({ reason, wait });
  };
  const patience = setTimeout(() => fall('no answer'), CONNECT_TIMEOUT);
  const pulse = setInterval(() => {
    const open = [...sources.values()].some(({ readyState }) => readyState !== 2);
    if (open && Date.now() - heard >= DEAD) fall('silent');
  }, QUIET);

  /** @param {Wish} wish */
  const add = (wish) => {
    if (wish.ended) return; // the hub would only answer 204
    const address = new URL('stream', base);
    for (const topic of wish.topics) address.searchParams.append('topic', topic);
    if (wish.since) address.searchParams.set('since', wish.since);
    if (wish.types) address.searchParams.set('types', wish.types.join());
    const source = new Source(address);
    sources.set(wish, source);
    const take = (/** @type {MessageEvent} */ message) => {
      heard = Date.now();
      const event = parse(message.data);
      if (over || !event || event.type === 'ping') return;
      if (event.type === 'hello') return on.hello(event.data);
      if (event.type === 'busy' || event.type === 'bye') {
        wait = pause(event);
        return;
      }
      on.event(wish, event);
      if (wish.ended) source.close();
    };
    source.onmessage = take;
    for (const name of ['hello', 'ping', 'bye', 'busy', 'gap', 'end']) source.addEventListener(name, take);
    source.onopen = () => {
      clearTimeout(patience);
      on.up();
    };
    source.onerror = () => fall('cut off');
  };
  for (const wish of wishes) add(wish);
  if (!sources.size) setTimeout(() => {
    clearTimeout(patience);
    if (!over) on.up();
  });

  return {
    name: 'EventSource',
    add,
    remove(wish) {
      sources.get(wish)?.close();
      sources.delete(wish);
    },
    close,
  };
}

/**
 * @param {unknown} text
 * @returns {HubEvent | undefined} nothing where it is not an event: one bad message ends no stream
 */
function parse(text) {
  try {
    const event = JSON.parse(String(text));
    return typeof event?.type === 'string' ? event : undefined;
  } catch {
    return undefined;
  }
}

/**
 * How long the hub asks a reader to stay away, in milliseconds.
 * @param {HubEvent} event
 */
const pause = ({ data }) => (typeof data?.retry === 'number' ? Math.min(data.retry, LONGEST_PAUSE) : 0);

/**
 * @param {HubEvent} event
 * @param {Wish} wish
 */
function concerns(event, wish) {
  const topic = event.topic ?? event.data?.topic;
  return typeof topic === 'string' && wish.topics.some((each) => each === topic || overlaps(each, topic));
}
