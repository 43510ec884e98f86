// Reads the list of images again when the engine says that something has
// changed, when the connection is back, and, while the engine is away, every
// few seconds.

const WAIT = 200; // ms in which changes count as one
const AGAIN = 4_000; // ms after which what failed is tried again
const AGES = 60_000; // ms after which "5 min ago" is not true any more

/** What changes the list: images' names, and which containers are of them. */
const CHANGES = /^(pull|tag|untag|delete|load|import|prune|create|destroy|rename|start|die)$/;

export class Refresh {
  #read;
  #subscription;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;
  #running = false;
  #due = false;
  #closed = false;

  /** @param {import('../../app.js').App} app @param {() => Promise<boolean>} read reads and shows; false: it could not */
  constructor(app, read) {
    this.#read = read;
    this.#subscription = app.follow('docker/events', {
      types: ['image', 'container', 'status'],
      onEvent: ({ type, data }) => {
        if (type === 'status' || CHANGES.test(`${data?.action}`)) this.soon();
      },
      onGap: () => this.soon(),
      onState: ({ name }) => {
        if (name === 'live') this.soon(); // for what happened meanwhile
      },
    });
    document.addEventListener('visibilitychange', this.#seen);
    this.soon(0);
  }

  /** Reads again, once for all who ask within a moment. @param {number} [wait] ms */
  soon(wait = WAIT) {
    if (this.#closed) return;
    this.#due = true;
    if (this.#running) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#run(), wait);
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#subscription.close();
    document.removeEventListener('visibilitychange', this.#seen);
  }

  async #run() {
    this.#running = true;
    this.#due = false;
    const good = await this.#read();
    this.#running = false;
    if (this.#due) this.soon();
    else if (!this.#closed && !document.hidden) this.#timer = setTimeout(() => this.#run(), good ? AGES : AGAIN);
  }

  #seen = () => {
    if (!document.hidden) this.soon();
  };
}
