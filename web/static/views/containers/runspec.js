// What the form of a new container says, as the hub takes it, and whether an
// image is there. No document here.

import { ApiError } from '../../lib/api.js';

/**
 * @param {Record<string, any>} values of the form's fields
 * @returns {Record<string, any>} the body of /docker/run; throws what is wrong, at its field
 */
export function bodyOf({ image, name, command, ports, env, restart }) {
  const body = /** @type {Record<string, any>} */ ({ image });
  if (name) body.name = name;
  if (command) body.command = command;
  const published = portsOf(ports);
  if (Object.keys(published).length) body.ports = published;
  const variables = envOf(env);
  if (Object.keys(variables).length) body.env = variables;
  if (restart && restart !== 'no') body.restart_policy = restart;
  return body;
}

/**
 * Lines as docker run's -p takes them: "8080:80", "127.0.0.1:8080:80/udp", and
 * "80" for a port of the engine's choice.
 * @param {string} text
 */
export function portsOf(text) {
  /** @type {Record<string, any>} */ const ports = {};
  for (const line of lines(text)) {
    const [, address, outside, inside, protocol = 'tcp'] = /^(?:(?:(\[[\da-f:]+\]|[\d.]+):)?(\d*):)?(\d+)(?:\/(tcp|udp|sctp))?$/i.exec(line) ?? [];
    if (!inside || Number(inside) > 65_535 || Number(outside ?? 0) > 65_535) throw fault('ports', `“${line}” is not a port, such as 8080:80`);
    const host = address ? `${address}:${outside || 0}` : outside ? Number(outside) : null;
    const key = `${Number(inside)}/${protocol.toLowerCase()}`;
    ports[key] = key in ports ? [ports[key], host].flat() : host;
  }
  return ports;
}

/** Lines of NAME=value. @param {string} text */
export function envOf(text) {
  /** @type {Record<string, string>} */ const env = {};
  for (const line of lines(text)) {
    const at = line.indexOf('=');
    if (at < 1) throw fault('env', `“${line}” is not NAME=value`);
    env[line.slice(0, at).trim()] = line.slice(at + 1);
  }
  return env;
}

/** @param {string} text */
const lines = (text) => text.split('\n').map((line) => line.trim()).filter(Boolean);

/** @param {string} field @param {string} message */
const fault = (field, message) => new ApiError(`${field}: ${message}`, { faults: [{ field, message }] });

/**
 * Whether an engine with images of these tags lacks the one asked for. Of a
 * digest or an id only the engine knows.
 * @param {string} image
 * @param {string[]} tags
 */
export function missing(image, tags) {
  if (image.includes('@') || /^(sha256:)?[0-9a-f]{12,64}$/.test(image)) return false;
  return !tags.some((tag) => fullName(tag) === fullName(image));
}

/** @param {string} image */
function fullName(image) {
  const named = image.replace(/^(index\.)?docker\.io\//, '').replace(/^library\//, '');
  return named.slice(named.lastIndexOf('/') + 1).includes(':') ? named : `${named}:latest`;
}
