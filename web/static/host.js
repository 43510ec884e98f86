// The host's figures of the last ten minutes: one subscription for the whole
// page, whoever shows them.

const KEPT = 10 * 60_000; // ms

/** @typedef {Record<string, any> & {time: number}} Sample a system/usage event's data, and its time in ms */

export class Host {
  /** @type {Sample[]} oldest first */ samples = [];
  /** @type {Set<(samples: Sample[]) => void>} */ #listeners = new Set();

  /** @param {import('./client.js').HubClient} client */
  constructor(client) {
    client.subscribe('system/usage', { since: '10m', onEvent: (event) => this.#take(event) });
  }

  /**
   * @param {(samples: Sample[]) => void} listener called at each sample, and at once where there are some
   * @returns {() => void} ends it
   */
  onchange(listener) {
    this.#listeners.add(listener);
    if (this.samples.length) listener(this.samples);
    return () => this.#listeners.delete(listener);
  }

  /** @param {import('./client.js').HubEvent} event */
  #take({ time, data }) {
    const at = Date.parse(time ?? '');
    if (!data || Number.isNaN(at)) return;
    this.samples.push({ ...data, time: at });
    let old = 0;
    while (this.samples[old].time < at - KEPT) old++;
    if (old) this.samples.splice(0, old);
    for (const listener of this.#listeners) listener(this.samples);
  }
}
