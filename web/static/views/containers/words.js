// What is said of a container: how it stands, where it is reached, which of a
// list are meant by a filter. No document here.

/** @typedef {{address: string, port: number}} HostPort */
/**
 * As the hub lists it.
 * @typedef {object} Container
 * @property {string} id
 * @property {string} name
 * @property {string[]} image the tags of its image; none where the image has lost them
 * @property {string} image_id
 * @property {string} status running, exited, …
 * @property {string} [state] the same as a sentence
 * @property {string} [command]
 * @property {string} created
 * @property {Record<string, HostPort[]>} ports
 */
/** @typedef {{text: string, href?: string, title: string}} Port a port, and its address where a browser can go there */

/** How a container stands, for its dot's colour. @param {string} status @returns {'good' | 'warn' | 'bad' | ''} */
export function standing(status) {
  if (status === 'running') return 'good';
  if (status === 'paused' || status === 'restarting' || status === 'removing') return 'warn';
  return status === 'dead' ? 'bad' : '';
}

/** Whether it holds processes, so that stopping it means something. @param {string} status */
export const alive = (status) => ['running', 'paused', 'restarting'].includes(status);

/** @param {{image: string[], image_id: string}} container */
export const imageOf = ({ image, image_id: id }) => image[0] ?? id.replace(/^sha256:/, '').slice(0, 12);

/**
 * The ports, each once: an engine lists a port for every IPv4 and every IPv6
 * address on its own.
 * @param {Record<string, HostPort[]>} ports
 * @param {string} hostname of the page: where everybody's address is reached
 * @returns {Port[]}
 */
export function portsOf(ports, hostname) {
  /** @type {Map<string, Port>} */ const found = new Map();
  for (const [port, hosts] of Object.entries(ports)) {
    const [number, protocol = 'tcp'] = port.split('/');
    if (!hosts.length) found.set(port, { text: port, title: `${port} in the container, not reachable from outside` });
    for (const { address, port: outside } of hosts) {
      const everywhere = address === '' || address === '0.0.0.0' || address === '::';
      const host = everywhere ? hostname : address.includes(':') ? `[${address}]` : address;
      const kind = protocol === 'tcp' ? '' : `/${protocol}`;
      const text = `${everywhere ? '' : `${host}:`}${outside} → ${number}${kind}`;
      const where = `${host}:${outside}${kind} leads to ${port} in the container`;
      found.set(text, { text, title: where, href: protocol === 'tcp' ? `http://${host}:${outside}/` : undefined });
    }
  }
  return [...found.values()];
}

/** The states that a list can be narrowed to, and what each means. */
export const STATES = /** @type {Record<string, (status: string) => boolean>} */ ({
  running: (status) => status === 'running',
  stopped: (status) => !alive(status),
  other: (status) => alive(status) && status !== 'running',
});

/**
 * The containers that a filter means: each of its words stands in the name, the
 * image, the command, the id's beginning or a port.
 * @param {Container[]} containers
 * @param {{text?: string, state?: string}} filter
 */
export function chosen(containers, { text = '', state = '' }) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return containers.filter((container) => {
    const { name, image, command = '', id, ports, status } = container;
    if (STATES[state] && !STATES[state](status)) return false;
    const where = [name, ...image, command, id.slice(0, 12), ...portsOf(ports, '').map((port) => port.text)].join(' ').toLowerCase();
    return words.every((word) => where.includes(word));
  });
}

/** @typedef {{cpu?: number, memory?: number}} Use */

/**
 * In an order: by name, the newest or the most used first.
 * @param {Container[]} containers
 * @param {string} by name, created, cpu or memory
 * @param {(container: Container) => Use} use
 */
export function sorted(containers, by, use) {
  const byName = (/** @type {Container} */ a, /** @type {Container} */ b) => a.name.localeCompare(b.name, 'en', { numeric: true });
  const figure = (/** @type {Container} */ c) => (by === 'created' ? Date.parse(c.created) : use(c)[/** @type {'cpu' | 'memory'} */ (by)]) ?? -1;
  return [...containers].sort((a, b) => (by === 'name' ? 0 : figure(b) - figure(a)) || byName(a, b));
}
