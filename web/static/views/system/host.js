// The machine: what it is, what of it is in use, and the last ten minutes.

import { get } from '../../lib/api.js';
import { request } from '../../lib/commands.js';
import { el } from '../../lib/dom.js';
import { bytes, count } from '../../lib/format.js';
import { command } from '../overview/empty.js';
import { hostCharts } from '../overview/host.js';
import { Facts, span } from './facts.js';
import { poll } from './poll.js';

/** @typedef {import('../../host.js').Sample} Sample */

const EVERY = 10_000; // ms; the load and the uptime change slowly

class HubHost extends HTMLElement {
  #facts = new Facts();
  #trouble = el('div');
  /** @type {() => void} */ #end = () => {};

  /** @param {import('../../app.js').App} app */
  start(app) {
    const charts = hostCharts(app);
    this.replaceChildren(
      el('div', { class: 'bar' }, el('h2', {}, 'The host'), el('span', { class: 'grow' }),
        command(request(app.base, 'GET', 'system/info'), 'info as curl'), command(request(app.base, 'GET', 'system/usage'), 'usage as curl')),
      this.#trouble, charts.element, this.#facts.element);
    this.#facts.show(['Host', 'System', 'Up', 'CPUs', 'Load', 'Memory', 'Swap', 'Disk', 'Received', 'Sent'].map((name) => [name, '–']));
    const asking = poll(this, EVERY, (signal) => this.#ask(signal), this.#trouble);
    let shown = 0;
    const off = app.host.onchange((samples) => {
      const newest = samples[samples.length - 1];
      if (document.hidden || newest.time - shown < 900) return; // ten minutes of them come at once at first
      shown = newest.time;
      this.#use(newest);
    });
    this.#end = () => {
      charts.end();
      asking.end();
      off();
    };
  }

  stop() {
    this.#end();
  }

  /** @param {AbortSignal} signal */
  async #ask(signal) {
    const info = await get('system/info', {}, { signal });
    const load = info.loadavg;
    this.#facts.show([
      ['Host', info.hostname],
      ['System', info.platform],
      ['Up', span(info.uptime_seconds)],
      ['CPUs', `${info.cpu.logical}`, info.cpu.physical === info.cpu.logical ? '' : `on ${info.cpu.physical} cores`],
      ['Load', load ? ['1m', '5m', '15m'].map((each) => load[each].toFixed(2)).join(' ') : 'not known here', load ? 'over 1, 5 and 15 minutes' : ''],
    ]);
  }

  /** @param {Sample} sample */
  #use({ memory, swap, disk_root: disk, net_io: net, stale = [] }) {
    const of = (/** @type {string} */ key, /** @type {any} */ space) => `of ${bytes(space.total)}, ${space.percent} %${stale.includes(key) ? ', not read anew' : ''}`;
    this.#facts.show([
      ['Memory', bytes(memory.used), of('memory', memory)],
      ['Swap', swap.total ? bytes(swap.used) : 'none', swap.total ? of('swap', swap) : ''],
      ['Disk', bytes(disk.used), `${of('disk_root', disk)}, ${bytes(disk.free)} free`],
      ['Received', bytes(net.bytes_recv), `${count(net.packets_recv)} packets since it is up`],
      ['Sent', bytes(net.bytes_sent), `${count(net.packets_sent)} packets`],
    ]);
  }
}

customElements.define('hub-host', HubHost);
export { HubHost };
