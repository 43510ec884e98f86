// The form that runs a command, and the lines "NAME=value" of its environment.

import { form } from '../../ui/form.js';

/** @param {(id: string) => void} started */
export function commandForm(started) {
  return form({
    label: 'Run a command',
    submit: 'Run',
    fields: [
      { name: 'cmd', label: 'Command', type: 'textarea', rows: 3, required: true, placeholder: 'make test', hint: 'run by /bin/sh -c, on the hub’s machine' },
      { name: 'cwd', label: 'Folder', placeholder: '/srv/site', hint: 'an existing one; the hub’s own by default' },
      { name: 'env', label: 'Environment', type: 'textarea', rows: 2, rare: true, placeholder: 'CI=1', hint: 'NAME=value, one a line' },
      { name: 'secrets', label: 'Secrets', type: 'textarea', rows: 2, rare: true, placeholder: 'NPM_TOKEN=…', hint: 'variables too; their values show as *** in all that the hub tells' },
      { name: 'task_id', label: 'Task id', rare: true, placeholder: 'nightly', hint: 'one is made by default' },
    ],
    request({ cmd, cwd, env, secrets, task_id: id }) {
      const body = { cmd, ...given({ cwd, env: variables(env), task_id: id }) };
      const hidden = variables(secrets);
      if (!hidden) return { path: 'tasks/start', body };
      const shown = Object.fromEntries(Object.keys(hidden).map((name) => [name, '…']));
      return { path: 'tasks/start', body: { ...body, secrets: hidden }, shown: { ...body, secrets: shown } };
    },
    done: ({ task_id: id }) => started(id),
  });
}

/** Lines "NAME=value" as an object; undefined for none. @param {string} text */
export function variables(text) {
  const lines = text.split('\n').map((line) => line.trim()).filter(Boolean);
  if (!lines.length) return undefined;
  return Object.fromEntries(lines.map((line) => {
    const at = line.indexOf('=');
    if (at < 1) throw new Error(`“${line}” is not NAME=value`);
    return [line.slice(0, at), line.slice(at + 1)];
  }));
}

/** Only what was given. @param {Record<string, unknown>} values */
const given = (values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== ''));
