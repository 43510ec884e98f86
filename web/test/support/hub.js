// A real hub on a free port of this machine, for one test file.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const REPO = fileURLToPath(new URL('../../..', import.meta.url));

/** The program: HUB_BIN, else built here and now. */
function binary(folder) {
  if (process.env.HUB_BIN) return process.env.HUB_BIN;
  const path = join(folder, 'hub');
  execFileSync('go', ['build', '-o', path, './cmd/hub'], { cwd: REPO, stdio: 'inherit' });
  return path;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export class Hub {
  /**
   * Starts one that ends with the test file. `flags` are its own; `engine` is
   * the Docker engine it uses, by default one that is not there.
   */
  static async start({ flags = [], engine } = {}) {
    const folder = mkdtempSync(join(tmpdir(), 'hub-web-'));
    const hub = new Hub(binary(folder), folder, await freePort(), flags, engine?.host ?? `unix://${folder}/no-docker.sock`);
    after(async () => {
      await hub.kill();
      rmSync(folder, { recursive: true, force: true });
    });
    await hub.run();
    return hub;
  }

  constructor(program, folder, port, flags, engine) {
    Object.assign(this, { program, folder, port, flags, engine, log: '' });
    this.url = `http://127.0.0.1:${port}/`;
  }

  /** Starts the program and waits until it is ready. */
  async run() {
    this.process = spawn(this.program, ['--listen', `127.0.0.1:${this.port}`, ...this.flags], { cwd: this.folder, env: { ...process.env, DOCKER_HOST: this.engine }, stdio: ['ignore', 'pipe', 'pipe'] });
    this.gone = new Promise((resolve) => this.process.once('close', resolve));
    for (const stream of [this.process.stdout, this.process.stderr]) stream.on('data', (text) => { this.log += text; });
    for (let tries = 0; tries < 200; tries++) {
      if (this.process.exitCode !== null) break;
      if ((await fetch(new URL('readyz', this.url)).catch(() => undefined))?.status === 200) return;
      await sleep(50);
    }
    assert.fail(`the hub does not become ready:\n${this.log}`);
  }

  /** Ends it as a power cut would. */
  async kill() {
    this.process.kill('SIGKILL');
    await this.gone;
  }

  /** Publishes a body, each line of it one event, and returns the answer. */
  async publish(topic, body, { query = '', headers = {} } = {}) {
    const answer = await fetch(new URL(`stream/${topic}${query}`, this.url), { method: 'POST', body, headers });
    const text = await answer.text();
    assert.equal(answer.status, 200, text);
    return JSON.parse(text);
  }

  /** Publishes events as JSON. */
  events(topic, ...events) {
    return this.publish(topic, JSON.stringify(events), { headers: { 'content-type': 'application/json' } });
  }

  /** POSTs a body as JSON and returns the answer. */
  async post(path, body) {
    const answer = await fetch(new URL(path, this.url), { method: 'POST', headers: { 'content-type': 'application/json' }, body: body && JSON.stringify(body) });
    const text = await answer.text();
    assert.ok(answer.ok, `${path}: ${answer.status} ${text}`);
    return JSON.parse(text);
  }

  /** The names of the topics there are. */
  async topics() {
    const answer = await fetch(new URL('topics', this.url), { headers: { accept: 'application/json' } });
    return (await answer.json()).topics.map(({ topic }) => topic);
  }
}
