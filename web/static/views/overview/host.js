// The host as lines over ten minutes: CPU, memory, disk, network.

import { el } from '../../lib/dom.js';
import { bytes } from '../../lib/format.js';
import { points, rates } from '../../lib/series.js';
import { chart } from '../../ui/chart.js';

/** @typedef {import('../../host.js').Sample} Sample */

const perSecond = (/** @type {number} */ n) => `${bytes(n)}/s`;

/** @param {import('../../app.js').App} app @returns {{element: HTMLElement, end: () => void}} */
export function hostCharts(app) {
  const cpu = chart({ label: 'CPU', format: (n) => `${Math.round(n)} %`, top: 100 });
  const memory = chart({ label: 'Memory', format: bytes });
  const disk = chart({ label: 'Disk', format: bytes });
  const network = chart({ label: 'Network', format: perSecond, binary: true, least: 1024 });
  const element = el('div', { class: 'charts', role: 'group', 'aria-label': 'The host over ten minutes' }, cpu, memory, disk, network);
  const end = app.host.onchange((samples) => {
    const { memory: main, disk_root: root } = samples[samples.length - 1];
    memory.options.top = main?.total || undefined;
    disk.options.top = root?.total || undefined;
    const line = (/** @type {string} */ name, /** @type {(sample: Sample) => unknown} */ value) => () => [{ name, points: points(samples, value) }];
    cpu.show(line('CPU', (sample) => sample.cpu_percent));
    memory.show(line('Memory', (sample) => sample.memory?.used));
    disk.show(line('Disk', (sample) => sample.disk_root?.used));
    network.show(() => [
      { name: 'in', points: rates(samples, (sample) => sample.net_io?.bytes_recv) },
      { name: 'out', points: rates(samples, (sample) => sample.net_io?.bytes_sent) },
    ]);
  });
  return { element, end };
}
