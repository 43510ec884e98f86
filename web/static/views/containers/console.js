// A console in a container: a command of one's choice in a terminal.

import { attachUrl, dockerExec, Session } from '../../console/session.js';
import { Terminal, WAY_OUT } from '../../console/terminal.js';
import { wordsOf } from '../../console/words.js';
import { get } from '../../lib/api.js';
import { announce, el, say } from '../../lib/dom.js';
import { shellWord } from '../../lib/format.js';
import '../../components/hub-copy.js';
import { problem } from '../../ui/problem.js';

/** @typedef {import('../../console/session.js').End} End */

const OTHER = 'other';
/** @type {[string, string][]} */
const COMMANDS = [['', 'Shell (bash or sh)'], ['sh', 'sh'], ['bash', 'bash'], [OTHER, 'Other…']];

/** <hub-console>: show(app, name), leave(). What the address says is filled in, never run: a link starts nothing. */
class HubConsole extends HTMLElement {
  /** @type {import('../../app.js').App | undefined} */ #app;
  #name = '';
  /** @type {Session | undefined} */ #session;
  #terminal = new Terminal();

  #command = el('select', { id: 'console-command', onchange: () => this.#chosen() }, ...COMMANDS.map(([value, label]) => el('option', { value }, label)));
  #other = el('input', { 'aria-label': 'Other command', placeholder: 'top -d 1', spellcheck: 'false', autocomplete: 'off', hidden: true, oninput: () => this.#chosen() });
  #user = el('input', { id: 'console-user', placeholder: 'the container’s', spellcheck: 'false', autocomplete: 'off', size: 12, oninput: () => this.#chosen() });
  #open = el('button', { type: 'submit', class: 'primary' }, 'Open');
  #exec = /** @type {import('../../components/hub-copy.js').HubCopy} */ (el('hub-copy', { label: 'docker exec' }));
  #websocat = /** @type {import('../../components/hub-copy.js').HubCopy} */ (el('hub-copy', { label: 'websocat' }));
  #bar = el('form', { class: 'bar', 'aria-label': 'Console' },
    el('label', { for: 'console-command' }, 'Run'), this.#command, this.#other,
    el('label', { for: 'console-user' }, 'as user'), this.#user, this.#open,
    el('span', { class: 'grow' }), this.#exec, this.#websocat);
  #badge = el('span', { class: 'badge' });
  #hint = el('span', { class: 'soft' });
  #state = el('p', { class: 'state' }, this.#badge, this.#hint);
  #trouble = el('div', { class: 'trouble' });

  constructor() {
    super();
    this.#bar.addEventListener('submit', (event) => {
      event.preventDefault();
      if (!this.#session) this.#begin();
      else this.#end();
    });
    this.#terminal.onsend = (text) => this.#session?.send(text);
    this.#terminal.onresize = (cols, rows) => this.#session?.resize(cols, rows);
    this.#terminal.onleave = () => this.#open.focus();
  }

  /** @param {import('../../app.js').App} app @param {string} name the container's */
  show(app, name) {
    if (this.#app && this.#name === name) return;
    this.#stop();
    this.#app = app;
    this.#name = name;
    this.#terminal.label = `Console of ${name}`;
    this.replaceChildren(this.#bar, this.#state, this.#trouble, this.#terminal.element);
    const query = new URLSearchParams(location.search);
    const command = query.get('cmd') ?? '';
    const known = COMMANDS.some(([value]) => value === command && value !== OTHER);
    this.#command.value = known ? command : OTHER;
    this.#other.value = known ? '' : command;
    this.#user.value = query.get('user') ?? '';
    this.#chosen();
    this.#say('', 'not opened', 'Nothing runs yet.');
    this.#terminal.element.classList.add('idle');
  }

  leave() {
    this.#stop();
    this.#terminal.leave();
  }

  #stop() {
    this.#session?.close();
    this.#session = undefined;
    removeEventListener('beforeunload', stay);
  }

  /** What is chosen, or undefined where it is no command. */
  #wish() {
    try {
      const words = this.#command.value === OTHER ? wordsOf(this.#other.value) : this.#command.value ? [this.#command.value] : [];
      return { name: this.#name, words, user: this.#user.value.trim() };
    } catch (error) {
      this.#trouble.replaceChildren(problem(error));
      return undefined;
    }
  }

  /** The choice has changed: the commands to copy and the address follow. */
  #chosen() {
    this.#other.hidden = this.#command.value !== OTHER;
    this.#trouble.replaceChildren();
    const wish = this.#wish();
    if (!wish || !this.#app) return;
    this.#exec.command = dockerExec(wish);
    this.#websocat.command = `websocat -b ${shellWord(attachUrl(this.#app.base, wish))}`;
    const url = new URL(location.href);
    const set = (/** @type {string} */ key, /** @type {string} */ value) => (value ? url.searchParams.set(key, value) : url.searchParams.delete(key));
    set('cmd', this.#command.value === OTHER ? this.#other.value : this.#command.value);
    set('user', wish.user);
    if (url.href !== location.href) history.replaceState(history.state, '', url);
  }

  #begin() {
    const wish = this.#wish();
    if (!wish || !this.#app) return;
    if (this.#command.value === OTHER && !wish.words.length) return this.#other.focus();
    this.#trouble.replaceChildren();
    this.#terminal.element.classList.remove('idle');
    const size = this.#terminal.begin();
    this.#say('', 'connecting', '');
    say(this.#open, 'Close');
    /** @type {Session} */ const session = new Session(attachUrl(this.#app.base, wish, size), {
      onText: (text) => this.#terminal.write(text),
      onError: (detail) => this.#trouble.replaceChildren(problem(detail)),
      onOpen: () => {
        addEventListener('beforeunload', stay);
        this.#say('good', 'live', `Every key goes to the container; ${WAY_OUT} leaves the terminal.`);
        const { cols, rows } = this.#terminal.size();
        session.resize(cols, rows); // it may have changed while this took its time
        this.#terminal.focus();
      },
      onEnd: (end) => this.#ended(end),
    });
    this.#session = session;
  }

  /** The reader ends it. */
  #end() {
    this.#session?.close();
    this.#ended({ detail: '', opened: true }, 'closed here');
  }

  /** @param {End} end @param {string} [word] */
  #ended({ exit, detail, opened }, word) {
    this.#session = undefined;
    removeEventListener('beforeunload', stay);
    say(this.#open, 'Open again');
    const tone = exit === 0 || word ? '' : 'bad';
    const words = word ?? (exit !== undefined ? `ended: exit code ${exit}` : 'lost');
    this.#say(tone, words, word || exit === undefined ? 'What ran in it was told to hang up.' : '');
    this.#trouble.replaceChildren();
    if (!opened) {
      this.#say('bad', 'not opened', '');
      this.#explain();
    } else if (detail) this.#trouble.replaceChildren(problem(detail));
    if (this.#terminal.focused) this.#open.focus();
  }

  /** A browser does not tell why a WebSocket was refused: the hub may, when it is asked for the container. */
  async #explain() {
    const name = this.#name;
    const again = () => this.#begin();
    try {
      const { inspect } = await get(`docker/container/inspect/${encodeURIComponent(name)}`);
      if (this.#session || this.#name !== name) return;
      const { Running: running, Status: status } = inspect?.State ?? {};
      const why = running === false ? `Container ${name} does not run (${status}). Start it, then open the console again.`
        : 'The terminal was refused. A proxy on the way may not let WebSockets through, or as many terminals are open as there can be.';
      this.#trouble.replaceChildren(problem(why, again));
    } catch (error) {
      if (!this.#session && this.#name === name) this.#trouble.replaceChildren(problem(error, again));
    }
  }

  /** @param {'' | 'good' | 'bad'} tone @param {string} word @param {string} hint */
  #say(tone, word, hint) {
    this.#badge.dataset.tone = tone;
    say(this.#badge, `${tone === 'good' ? '●' : tone === 'bad' ? '✗' : '○'} ${word}`);
    say(this.#hint, hint);
    announce(`Console of ${this.#name}: ${word}`);
  }
}

/** Closing a tab ends what runs, and Ctrl+W, by which shells erase a word, closes it: the browser asks. @param {BeforeUnloadEvent} event */
function stay(event) {
  event.preventDefault();
}

customElements.define('hub-console', HubConsole);
export { HubConsole };
