// A command in a container with a WebSocket for its input and output.

import { shellWord } from '../lib/format.js';

/**
 * @typedef {object} Wish what is to be run
 * @property {string} name of the container
 * @property {string[]} words of the command; none: a shell, bash where there is one
 * @property {string} user "": the container's
 */

/** @typedef {{exit?: number, detail: string, opened: boolean}} End how it ended: by itself, or for what reason */

/**
 * @typedef {object} Handlers
 * @property {(text: string) => void} onText what the command writes
 * @property {() => void} onOpen
 * @property {(detail: string) => void} onError the hub cannot follow a message; the session goes on
 * @property {(end: End) => void} onEnd nothing comes after it
 */

const PART = 32_768; // bytes of a message; the hub takes 65,536

/** The address of a command's terminal. @param {string} base @param {Wish} wish @param {{cols: number, rows: number}} [size] */
export function attachUrl(base, { name, words, user }, size) {
  const url = new URL(`docker/exec/${encodeURIComponent(name)}/attach`, base.replace(/^http/, 'ws'));
  for (const word of words) url.searchParams.append('cmd', word);
  if (user) url.searchParams.set('user', user);
  if (size) url.searchParams.set('cols', `${size.cols}`);
  if (size) url.searchParams.set('rows', `${size.rows}`);
  return url.href;
}

/** The same in a terminal of one's own. @param {Wish} wish */
export const dockerExec = ({ name, words, user }) =>
  ['docker exec -it', ...(user ? ['-u', shellWord(user)] : []), shellWord(name), ...(words.length ? words : ['sh']).map(shellWord)].join(' ');

export class Session {
  #socket;
  #decoder = new TextDecoder();
  #encoder = new TextEncoder();
  #opened = false;
  #detail = '';
  /** @type {number | undefined} */ #exit;

  /**
   * @param {string} url
   * @param {Handlers} on
   * @param {typeof WebSocket} [Socket]
   */
  constructor(url, on, Socket = WebSocket) {
    this.#socket = new Socket(url);
    this.#socket.binaryType = 'arraybuffer';
    this.#socket.onopen = () => {
      this.#opened = true;
      on.onOpen();
    };
    this.#socket.onmessage = ({ data }) => {
      if (typeof data !== 'string') return on.onText(this.#decoder.decode(data, { stream: true }));
      const { type, exit_code: exit, detail } = JSON.parse(data);
      if (type === 'exit') this.#exit = exit;
      else if (type === 'error') {
        this.#detail = detail;
        on.onError(detail);
      }
    };
    this.#socket.onclose = ({ code, reason }) => {
      const detail = this.#exit === undefined ? this.#detail || reason || (code === 1006 ? 'The connection was lost.' : `The connection was closed with ${code}.`) : '';
      on.onEnd({ exit: this.#exit, detail, opened: this.#opened });
    };
  }

  /** Gives the command what was typed. @param {string} text */
  send(text) {
    if (!this.live) return;
    const bytes = this.#encoder.encode(text);
    for (let i = 0; i < bytes.length; i += PART) this.#socket.send(bytes.subarray(i, i + PART));
  }

  /** @param {number} cols @param {number} rows */
  resize(cols, rows) {
    if (this.live) this.#socket.send(JSON.stringify({ type: 'resize', cols, rows }));
  }

  get live() {
    return this.#socket.readyState === 1;
  }

  /** Ends it, and the command with it; nothing is called any more. */
  close() {
    const socket = this.#socket;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}
