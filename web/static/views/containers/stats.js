// What a container uses, live, and as lines over ten minutes.

import '../../components/hub-copy.js';
import { curl } from '../../lib/commands.js';
import { el, say } from '../../lib/dom.js';
import { bytes, count } from '../../lib/format.js';
import { points, rates } from '../../lib/series.js';
import { chart } from '../../ui/chart.js';
import { whileSeen } from './seen.js';

/** @typedef {Record<string, any> & {time: number}} Sample a stats event's data, and its time in ms */

const KEPT = 10 * 60_000; // ms

const percent = (/** @type {number} */ n) => `${n.toFixed(1)} %`;
const perSecond = (/** @type {number} */ n) => `${bytes(n)}/s`;
const whole = (/** @type {number} */ n) => count(Math.round(n));

class HubStats extends HTMLElement {
  /** @type {Sample[]} oldest first */ #samples = [];
  /** @type {(() => void) | undefined} */ #end;
  #said = el('p', { class: 'notice', role: 'status', hidden: true });
  #facts = el('p', { class: 'soft nums' });
  #curl = /** @type {import('../../components/hub-copy.js').HubCopy} */ (el('hub-copy', { label: 'stream as curl' }));

  /** Each with what it shows: the name of a line, and where its values are. */
  #charts = [
    this.#chart({ label: 'CPU', format: percent, least: 5 }, () => [{ name: 'CPU', points: points(this.#samples, (s) => s.cpu_percent) }]),
    this.#chart({ label: 'Memory', format: bytes, binary: true, least: 1 << 20 }, () => [{ name: 'Memory', points: points(this.#samples, (s) => s.memory?.used) }]),
    this.#chart({ label: 'Network', format: perSecond, binary: true, least: 1024 }, () => [
      { name: 'in', points: rates(this.#samples, (s) => s.network?.rx) }, { name: 'out', points: rates(this.#samples, (s) => s.network?.tx) }]),
    this.#chart({ label: 'Block devices', format: perSecond, binary: true, least: 1024 }, () => [
      { name: 'read', points: rates(this.#samples, (s) => s.block?.read) }, { name: 'written', points: rates(this.#samples, (s) => s.block?.write) }]),
    this.#chart({ label: 'Processes and threads', format: whole, least: 10 }, () => [{ name: 'Processes', points: points(this.#samples, (s) => s.pids) }]),
  ];

  /** @param {import('../../ui/chart.js').Options} options @param {() => import('../../lib/series.js').Line[]} read */
  #chart(options, read) {
    return { element: chart(options), read };
  }

  /** @param {import('../../app.js').App} app @param {string} name */
  show(app, name) {
    const topic = `containers/${name}/stats`;
    this.#curl.command = curl(app.base, [topic]);
    this.replaceChildren(
      el('div', { class: 'bar' }, this.#facts, el('span', { class: 'grow' }), this.#curl), this.#said,
      el('div', { class: 'charts' }, ...this.#charts.map(({ element }) => element)));
    this.#end = whileSeen(() => {
      const figures = app.follow(topic, {
        since: '10m', onEvent: ({ time, data }) => this.#take({ ...data, time: Date.parse(time ?? '') }),
      });
      return () => figures.close();
    });
  }

  leave() {
    this.#end?.();
  }

  /** @param {{status: string} | undefined} known */
  learn(known) {
    this.#said.hidden = known?.status === 'running';
    say(this.#said, known ? `It does not run (${known.status}): there is nothing to measure.` : 'It is not there: there is nothing to measure.');
  }

  /** @param {Sample} sample */
  #take(sample) {
    // Coming back to a page begins ten minutes before, with much that is known.
    if (!sample.memory || !sample.running || !(sample.time > (this.#samples.at(-1)?.time ?? 0))) return;
    this.#samples.push(sample);
    while (this.#samples[0].time < sample.time - KEPT) this.#samples.shift();
    const { memory, network, block } = sample;
    say(this.#facts, `Memory ${bytes(memory.used)} of ${bytes(memory.limit)} (${percent(memory.percent)}). `
      + `Since its start: network ${bytes(network.rx)} in, ${bytes(network.tx)} out; block devices ${bytes(block.read)} read, ${bytes(block.write)} written.`);
    for (const { element, read } of this.#charts) element.show(read);
  }
}

customElements.define('hub-stats', HubStats);
export { HubStats };
