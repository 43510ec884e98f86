// A WebSocket and an EventSource that do what a test says.

/** The sockets and sources made so far, oldest first. */
export class FakeSocket {
  /** @type {FakeSocket[]} */ static all = [];
  readyState = 0;
  /** @type {any[]} */ sent = [];

  constructor(url) {
    this.url = String(url);
    FakeSocket.all.push(this);
  }

  static get last() {
    return FakeSocket.all[FakeSocket.all.length - 1];
  }

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  /** What was last asked with op. */
  asked(op) {
    return this.sent.filter((command) => command.op === op).pop();
  }

  close() {
    this.readyState = 3;
  }

  open() {
    this.readyState = 1;
    this.onopen();
  }

  say(event) {
    this.onmessage({ data: JSON.stringify(event) });
  }

  /** Opens, and says ok to every subscription asked for. */
  welcome() {
    this.open();
    this.say({ type: 'hello', data: {} });
    for (const { op, topics, ref } of this.sent) this.say({ type: 'ok', data: { op, topics, ref } });
  }

  drop(code = 1006, reason = '') {
    this.readyState = 3;
    this.onclose({ code, reason });
  }
}

export class FakeSource extends EventTarget {
  /** @type {FakeSource[]} */ static all = [];
  readyState = 0;

  constructor(url) {
    super();
    this.url = String(url);
    FakeSource.all.push(this);
  }

  static get last() {
    return FakeSource.all[FakeSource.all.length - 1];
  }

  close() {
    this.readyState = 2;
  }

  open() {
    this.readyState = 1;
    this.onopen();
  }

  say(event, name) {
    const message = new MessageEvent(name ?? 'message', { data: JSON.stringify(event) });
    if (name) this.dispatchEvent(message);
    else this.onmessage(message);
  }

  drop() {
    this.onerror();
  }
}
