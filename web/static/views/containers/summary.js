// Of all that an engine says of a container, what people look for. No document
// here.

import { bytes, counted } from '../../lib/format.js';

/** @typedef {{title: string, rows: [name: string, value: string][], none: string}} Section */

const SECOND = 1e9; // ns

/**
 * @param {Record<string, any>} container the hub's answer, the engine's own object in `inspect`
 * @returns {Section[]}
 */
export function sectionsOf({ inspect = {}, ports = {}, env = [], labels = {}, ...container }) {
  const { State: state = {}, HostConfig: host = {}, Config: config = {}, NetworkSettings: settings = {} } = inspect;
  return [
    { title: 'In short', none: '', rows: told([
      ['Id', container.id],
      ['Image', container.image_id],
      ['Command', container.command],
      ['Working folder', config.WorkingDir],
      ['User', config.User],
      ['Created', container.created],
      ['Started', date(state.StartedAt)],
      ['Finished', date(state.FinishedAt)],
      ['Exit code', state.Running || !date(state.FinishedAt) ? '' : `${state.ExitCode}`],
      ['Out of memory', state.OOMKilled ? 'yes: the kernel killed it' : ''],
      ['Error', state.Error],
      ['Restarts', inspect.RestartCount ? `${inspect.RestartCount}` : ''],
      ['Restart policy', policy(host.RestartPolicy)],
      ['Health', health(state.Health)],
      ['Log driver', host.LogConfig?.Type],
    ]) },
    { title: 'Ports', none: 'none published', rows: Object.entries(ports).map(([port, list]) => [port,
      list.map((/** @type {{address: string, port: number}} */ { address, port: outside }) => `${address.includes(':') ? `[${address}]` : address}:${outside}`).join(', ') || 'not published']) },
    { title: 'Mounts', none: 'none: what it writes goes with it', rows: (inspect.Mounts ?? []).map((/** @type {any} */ m) => [m.Destination,
      `${m.Type} ${m.Name || m.Source || ''}, ${m.RW ? 'read and write' : 'read only'}`]) },
    { title: 'Networks', none: 'none', rows: Object.entries(settings.Networks ?? {}).map(([name, /** @type {any} */ one]) => [name,
      [one.IPAddress, one.GlobalIPv6Address, one.Aliases?.length && `as ${one.Aliases.join(', ')}`].filter(Boolean).join(', ') || 'no address now']) },
    { title: 'Environment', none: 'none', rows: env.map(pair) },
    { title: 'Limits', none: 'none: it may use the whole machine', rows: limits(host) },
    { title: 'Labels', none: 'none', rows: Object.entries(labels) },
  ];
}

/** @param {any} host @returns {[string, string][]} */
function limits(host) {
  return told([
    ['Memory', host.Memory ? bytes(host.Memory) : ''],
    ['Memory and swap', host.MemorySwap > 0 ? bytes(host.MemorySwap) : ''],
    ['Memory reserved', host.MemoryReservation ? bytes(host.MemoryReservation) : ''],
    ['CPUs', host.NanoCpus ? `${host.NanoCpus / SECOND}` : host.CpuQuota > 0 ? `${host.CpuQuota / (host.CpuPeriod || 100_000)}` : ''],
    ['CPU weight', host.CpuShares ? `${host.CpuShares}` : ''],
    ['On CPUs', host.CpusetCpus],
    ['Processes', host.PidsLimit > 0 ? `${host.PidsLimit}` : ''],
  ]);
}

/** @param {[string, string | undefined][]} rows @returns {[string, string][]} those that say something */
const told = (rows) => /** @type {[string, string][]} */ (rows.filter(([, value]) => value));

/** Go's zero time is none. @param {string | undefined} text */
const date = (text) => (text && !text.startsWith('0001-') ? text : '');

/** @param {{Name?: string, MaximumRetryCount?: number} | undefined} restart */
function policy(restart) {
  if (!restart?.Name || restart.Name === 'no') return 'no: it stays stopped';
  return restart.MaximumRetryCount ? `${restart.Name}, at most ${counted(restart.MaximumRetryCount, 'time')}` : restart.Name;
}

/** @param {{Status?: string, FailingStreak?: number, Log?: {Output?: string}[]} | undefined} check */
function health(check) {
  if (!check?.Status || check.Status === 'none') return '';
  const last = check.Log?.at(-1)?.Output?.trim();
  return [check.Status, check.FailingStreak ? `failed ${counted(check.FailingStreak, 'time')} in a row` : '', last].filter(Boolean).join('; ');
}

/** @param {string} line @returns {[string, string]} */
function pair(line) {
  const at = line.indexOf('=');
  return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
}
