// A reader's position in the hub's timeline: what to resume from, and the
// check by each event's number that nothing is missing.

import { isLatest, isPattern } from './topics.js';

/**
 * An event as it comes over every transport. `id` is "<epoch>-<seq>", `n` the
 * event's number in its topic, dense, from 1. The hub's own types without a
 * position (hello, ok, error, ping, bye, busy) have neither.
 * @typedef {{id?: string, n?: number, topic?: string, type: string, time?: string, data?: any}} HubEvent
 */

/**
 * A number that should have come next and did not, without a gap that said so.
 * `missing` is how many events were passed over, or null where the numbers
 * went backwards.
 * @typedef {{topic: string, expected: number, got: number, missing: number | null}} Doubt
 */

export class Cursor {
  /** @type {string | undefined} */ #last;
  /** @type {Map<string, number | null>} topic to the next number, null: any */ #next = new Map();
  /** @type {Set<string>} */ #ended = new Set();
  /** @type {Position | undefined} */ #at;
  #restarted = false;

  /**
   * @param {string[]} topics topics or patterns
   * @param {string} [since] where to start: an id, "all", "now", a duration or a time; absent: the topic's own start
   * @param {string[]} [types] those asked for; the numbers of others are not missed
   */
  constructor(topics, since, types) {
    this.topics = topics;
    this.start = since;
    this.types = types;
  }

  /** What to ask for now: the last id seen, or the first start. */
  get since() {
    return this.#last ?? this.start;
  }

  /** Whether every topic has ended. A pattern never ends. */
  get ended() {
    return this.topics.every((topic) => !isPattern(topic) && this.#ended.has(topic));
  }

  /**
   * Takes the next event and moves on. A repeated event moves nothing and is
   * not to be shown.
   * @param {HubEvent} event
   * @returns {{repeat: boolean, doubt?: Doubt}}
   */
  accept(event) {
    const topic = event.topic ?? event.data?.topic ?? '';
    if (event.type === 'gap') {
      this.#gap(topic, event.data ?? {});
      this.#move(event.id);
      return { repeat: false };
    }
    if (!this.#move(event.id)) return { repeat: true };
    if (event.type === 'end') this.#ended.add(topic);
    else this.#ended.delete(topic); // a publish opens an ended topic again
    return { repeat: false, doubt: this.#check(topic, event.n) };
  }

  /**
   * Moves to an id and says whether it lies ahead: one of another life of the
   * hub always does.
   * @param {string} [id]
   */
  #move(id) {
    if (!id) return true;
    const to = position(id);
    if (this.#at && to.epoch === this.#at.epoch && to.seq <= this.#at.seq) return false;
    this.#at = to;
    this.#last = id;
    return true;
  }

  /**
   * @param {string} topic
   * @param {{count?: number | null, reason?: string}} gap
   */
  #gap(topic, { count, reason }) {
    if (reason === 'restart') {
      this.#next.clear();
      this.#restarted = true; // another life of the hub numbers its topics anew
      return;
    }
    const next = this.#expected(topic);
    this.#next.set(topic, typeof count === 'number' && next !== null ? next + count : null);
  }

  /**
   * @param {string} topic
   * @param {number} [n]
   * @returns {Doubt | undefined}
   */
  #check(topic, n) {
    if (n === undefined || this.types || isLatest(topic)) return undefined;
    const expected = this.#expected(topic);
    this.#next.set(topic, n + 1);
    // The hub forgets topics nobody uses; published to again, one counts from 1.
    if (expected === null || expected === n || n === 1) return undefined;
    return { topic, expected, got: n, missing: n > expected ? n - expected : null };
  }

  /**
   * The number due next, null where any will do: only a reader from the very
   * start knows that the first is 1.
   * @param {string} topic
   * @returns {number | null}
   */
  #expected(topic) {
    const next = this.#next.get(topic);
    if (next !== undefined) return next;
    return this.start === 'all' && !this.#restarted ? 1 : null;
  }
}

/** @typedef {{epoch: string, seq: number}} Position */

/** @param {string} id @returns {Position} */
function position(id) {
  const dash = id.indexOf('-');
  return { epoch: id.slice(0, dash), seq: Number(id.slice(dash + 1)) };
}
