// The two ways to deploy: a repository of files as a site, and stages of one's
// own. Passwords are sent, and shown nowhere: not in the address, not in the
// command to copy.

import { ApiError, post } from '../../lib/api.js';
import { el } from '../../lib/dom.js';
import { form } from '../../ui/form.js';
import { commandOf, hidden, pairsOf } from './secrets.js';

const SITE = '/pipeline/html-site/start';
const OWN = '/pipeline/start';

/** @typedef {import('../../ui/form.js').Field} Field */
/** @typedef {(id: string) => void} Started */

/** @type {Field[]} */
const SITE_FIELDS = [
  { name: 'repo_url', label: 'Repository', required: true, wide: true, placeholder: 'https://github.com/you/site', hint: 'by http, https or ssh; the hub clones it' },
  { name: 'dockerhub_repo', label: 'Image', required: true, placeholder: 'you/site, or registry.example:5000/site', hint: 'pushed to that registry and pulled from there' },
  { name: 'tag', label: 'Tag', placeholder: 'latest' },
  { name: 'host_port', label: 'Port', type: 'number', placeholder: '8080', hint: 'of the engine’s host, where the site is served' },
  { name: 'dockerhub_username', label: 'Registry’s user', hint: 'empty: as the hub is logged in' },
  { name: 'dockerhub_password', label: 'Its password or token', type: 'password', hint: 'kept in memory for this deploy and its retries' },
  { name: 'ref', label: 'Branch, tag or commit', rare: true, hint: 'empty: the default branch' },
  { name: 'git_username', label: 'Repository’s user', rare: true },
  { name: 'git_password', label: 'Its password or token', type: 'password', rare: true },
  { name: 'dockerfile', label: 'Dockerfile', rare: true, placeholder: 'Dockerfile', hint: 'of the repository; empty: its files are served by nginx:alpine' },
  { name: 'container_port', label: 'Container’s port', type: 'number', rare: true, placeholder: '80' },
  { name: 'probe_path', label: 'Probe’s path', rare: true, placeholder: '/', hint: 'must answer before the old one goes' },
  { name: 'probe_timeout', label: 'Probe’s seconds', type: 'number', rare: true, placeholder: '30' },
  { name: 'task_id', label: 'Task’s id', rare: true, hint: 'empty: one is made' },
  { name: 'secrets', label: 'Secrets', type: 'textarea', rows: 2, rare: true, placeholder: 'NPM_TOKEN=…', hint: 'one a line; their values show as ***' },
];

const NUMBERS = ['host_port', 'container_port', 'probe_timeout'];

/**
 * @param {string} base the hub's address
 * @param {Record<string, string>} given values to begin with
 * @param {string} submit the button's words
 * @param {Started} started
 */
export function siteForm(base, given, submit, started) {
  const fields = SITE_FIELDS.map((field) => ({ ...field, value: given[field.name] ?? '' }));
  const body = (/** @type {Record<string, string>} */ values) => Object.fromEntries(
    Object.entries(values).filter(([, value]) => value.trim() !== '').map(([name, value]) => [name, valueOf(name, value)]));
  const box = form({ fields, submit, label: 'Deploy a site', request: (values) => asked(SITE, bodyOf(values, 'secrets', body)), done: ({ task_id: id }) => started(id) });
  return copied(box, base, SITE, body);
}

/** A field's text as the hub takes it; what is no number the hub calls wrong. @param {string} name @param {string} text */
function valueOf(name, text) {
  if (name === 'secrets') return pairsOf(text);
  return NUMBERS.includes(name) && !Number.isNaN(Number(text)) ? Number(text) : text;
}

const EXAMPLE = {
  site: 'shop',
  stages: [
    { kind: 'clone', repo_url: 'https://github.com/you/shop' },
    { kind: 'shell', name: 'test', cmd: 'make test' },
    { kind: 'build', repo_tag: 'shop:latest' },
    { kind: 'run', host_port: 8081, port: 3000, env: { MODE: 'live' } },
    { kind: 'probe', path: '/healthz', timeout: 60 },
  ],
};

/** @param {string} base @param {Started} started */
export function ownForm(base, started) {
  const body = (/** @type {Record<string, string>} */ { pipeline, secrets }) => {
    const given = JSON.parse(pipeline);
    const more = pairsOf(secrets);
    return more ? { ...given, secrets: { ...given.secrets, ...more } } : given;
  };
  const box = form({
    submit: 'Run the stages',
    label: 'Deploy by stages of your own',
    fields: [
      { name: 'pipeline', label: 'Site and stages, as JSON', type: 'textarea', required: true, rows: 14, value: written(EXAMPLE), hint: 'Eight kinds: clone, shell, build, login, push, pull, run, probe. What one makes the next ones use.' },
      { name: 'secrets', label: 'Secrets', type: 'textarea', rows: 2, placeholder: 'NPM_TOKEN=…', hint: 'One a line: variables of shell stages, whose values show as ***' },
    ],
    request: (values) => asked(OWN, bodyOf(values, 'pipeline', body)),
    send: async ({ path, body: sent }) => {
      try {
        return await post(path, sent);
      } catch (error) { // each of its faults is of that one field
        if (error instanceof ApiError && error.faults.length) throw faultAt('pipeline', error.message);
        throw error;
      }
    },
    done: ({ task_id: id }) => started(id),
  });
  box.querySelector('.form > footer')?.append(el('a', { href: `${base}docs`, target: '_blank', rel: 'noopener noreferrer' }, 'All parameters ↗'));
  return copied(box, base, OWN, body);
}

/** JSON with each stage on a line. @param {{site: string, stages: object[]}} pipeline */
const written = ({ site, stages }) => `{
  "site": ${JSON.stringify(site)},
  "stages": [
${stages.map((stage) => `    ${JSON.stringify(stage)}`).join(',\n')}
  ]
}`;

/**
 * The body; what makes it none is told at a field.
 * @param {any} values
 * @param {string} field
 * @param {(values: any) => object} body
 */
function bodyOf(values, field, body) {
  try {
    return body(values);
  } catch (error) {
    const message = error instanceof Error ? error.message : `${error}`;
    throw faultAt(error instanceof SyntaxError ? field : 'secrets', error instanceof SyntaxError ? `not JSON: ${message}` : message);
  }
}

/** @param {string} path @param {object} body */
const asked = (path, body) => ({ path, body, shown: hidden(body) });

/** @param {string} field @param {string} message */
const faultAt = (field, message) => new ApiError(message, { faults: [{ field, message }] });

/**
 * Gives a form's "copy as curl" the command without its secrets.
 * @param {ReturnType<typeof form>} box
 * @param {string} base
 * @param {string} path
 * @param {(values: any) => object} body
 */
function copied(box, base, path, body) {
  const copy = /** @type {import('../../components/hub-copy.js').HubCopy} */ (box.querySelector('hub-copy'));
  const refresh = () => {
    const values = Object.fromEntries([...new FormData(box)].map(([name, value]) => [name, `${value}`]));
    try {
      copy.command = commandOf(base, path, body(values));
    } catch {
      copy.command = '';
    }
  };
  box.addEventListener('input', refresh); // after the form's own
  setTimeout(refresh);
  return box;
}
