// Forms made of data: labelled fields, faults at their fields, a button that
// cannot be pressed twice, and the same request as a curl command to copy.

import { ApiError, post } from '../lib/api.js';
import { base } from '../lib/base.js';
import { request } from '../lib/commands.js';
import { el } from '../lib/dom.js';
import '../components/hub-copy.js';
import { problem } from './problem.js';

/**
 * @typedef {object} Field
 * @property {string} name
 * @property {string} label
 * @property {'text' | 'number' | 'password' | 'checkbox' | 'textarea' | 'select'} [type]
 * @property {string | boolean} [value]
 * @property {(string | [string, string])[]} [options] of a select: values, or values and their labels
 * @property {string} [hint]
 * @property {string} [placeholder]
 * @property {boolean} [required]
 * @property {boolean} [wide] as wide as the form
 * @property {boolean} [rare] folded away until asked for
 * @property {number} [rows] of a textarea
 */

/** @typedef {Record<string, any>} Values of each field its text, trimmed but in a textarea or a password, or whether it is checked */
/** @typedef {{method?: string, path: string, body?: unknown, shown?: unknown}} Request `shown`: the body as "copy as curl" has it, without its secrets */

/**
 * @param {object} parts
 * @param {Field[]} parts.fields
 * @param {string} parts.submit the button's word
 * @param {(values: Values) => Request} parts.request throws what is wrong with the values, in words
 * @param {(request: Request) => Promise<any>} [parts.send] by default POSTs the body
 * @param {(answer: any, values: Values) => void} parts.done
 * @param {string} [parts.label] the form's name
 */
export function form({ fields, submit, request: requestOf, send = ({ path, body }) => post(path, body), done, label }) {
  const number = ++forms;
  const idOf = (/** @type {string} */ name, /** @type {string} */ part) => `form${number}-${name}-${part}`;
  const inputs = new Map(fields.map((field) => [field.name, input(field, idOf)]));
  const faults = new Map(fields.map(({ name }) => [name, el('p', { class: 'fault', id: idOf(name, 'fault'), hidden: true })]));
  const row = (/** @type {Field} */ field) => {
    const control = /** @type {HTMLElement} */ (inputs.get(field.name));
    const mark = field.required ? [el('span', { class: 'required', 'aria-hidden': 'true' }, ' *')] : [];
    const name = el('label', { for: control.id }, field.label, ...mark);
    const hint = field.hint ? [el('p', { class: 'hint', id: idOf(field.name, 'hint') }, field.hint)] : [];
    const kind = `field ${field.type ?? 'text'}${field.wide || field.type === 'textarea' ? ' wide' : ''}`;
    return el('div', { class: kind }, name, control, ...hint, /** @type {HTMLElement} */ (faults.get(field.name)));
  };
  const common = fields.filter(({ rare }) => !rare).map(row);
  const rare = fields.filter((field) => field.rare).map(row);
  const button = el('button', { type: 'submit', class: 'primary' }, submit);
  const copy = /** @type {import('../components/hub-copy.js').HubCopy} */ (el('hub-copy', { label: 'as curl' }));
  const trouble = el('div', { class: 'trouble' });
  const box = el('form', { class: 'form', 'aria-label': label ?? submit, novalidate: true, autocomplete: 'off' }, el('div', { class: 'fields' }, ...common),
    ...(rare.length ? [el('details', {}, el('summary', {}, 'More'), el('div', { class: 'fields' }, ...rare))] : []),
    trouble, el('footer', {}, button, copy));

  const values = () => Object.fromEntries([...inputs].map(([name, control]) => [name, valueOf(control)]));
  const tell = (/** @type {{field: string, message: string}[]} */ list) => {
    for (const fault of faults.values()) fault.hidden = true;
    for (const control of inputs.values()) control.removeAttribute('aria-invalid');
    for (const { field, message } of list) {
      const fault = faults.get(field);
      if (!fault) continue;
      fault.textContent = message;
      fault.hidden = false;
      fault.closest('details')?.setAttribute('open', '');
      inputs.get(field)?.setAttribute('aria-invalid', 'true');
    }
    const first = list.find(({ field }) => inputs.has(field));
    if (first) inputs.get(first.field)?.focus();
  };
  const refresh = () => {
    try {
      const { method = 'POST', path, body, shown } = requestOf(values());
      copy.command = request(base, method, path, shown ?? body);
    } catch {
      copy.command = ''; // what does not fit has no command
    }
  };
  box.addEventListener('input', refresh);
  box.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) box.requestSubmit();
  });
  box.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    trouble.replaceChildren();
    const given = values();
    const missing = fields.filter(({ name, required }) => required && given[name] === '');
    tell(missing.map(({ name }) => ({ field: name, message: 'is needed' })));
    if (missing.length) return;
    button.disabled = true;
    button.setAttribute('aria-busy', 'true');
    try {
      done(await send(requestOf(given)), given);
    } catch (error) {
      const known = error instanceof ApiError ? error.faults.filter(({ field }) => inputs.has(field)) : [];
      if (error instanceof ApiError && known.length && known.length === error.faults.length) tell(known);
      else trouble.replaceChildren(problem(error));
    } finally {
      button.disabled = false;
      button.removeAttribute('aria-busy');
    }
  });
  queueMicrotask(refresh);
  return Object.assign(box, { refresh });
}

let forms = 0; // made so far, for ids that no two share

/**
 * @param {Field} field
 * @param {(name: string, part: string) => string} idOf
 * @returns {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement}
 */
function input({ name, type = 'text', value = '', options = [], hint, placeholder, required, rows = 6 }, idOf) {
  const common = { name, id: idOf(name, 'input'), 'aria-describedby': [hint && idOf(name, 'hint'), idOf(name, 'fault')].filter(Boolean).join(' '), 'aria-required': required ? 'true' : false };
  if (type === 'select') {
    return el('select', common, ...options.map((option) => {
      const [key, label] = Array.isArray(option) ? option : [option, option];
      return el('option', { value: key, selected: key === value }, label);
    }));
  }
  if (type === 'textarea') {
    const area = el('textarea', { ...common, rows, placeholder, spellcheck: 'false' });
    area.value = String(value);
    return area;
  }
  if (type === 'checkbox') return el('input', { ...common, type, checked: value === true });
  return el('input', { ...common, type: type === 'number' ? 'text' : type, inputmode: type === 'number' ? 'numeric' : false, value: String(value), placeholder, spellcheck: 'false', autocomplete: type === 'password' ? 'new-password' : 'off' });
}

/** @param {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} control */
function valueOf(control) {
  if (control instanceof HTMLInputElement && control.type === 'checkbox') return control.checked;
  if (control instanceof HTMLTextAreaElement || control.type === 'password') return control.value;
  return control.value.trim();
}
