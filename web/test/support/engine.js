// A real Docker engine for one test file: the dockerd that its Debian package
// brings, on a socket, a folder and a bridge of its own, without a rule of
// iptables. Nothing is pulled from anywhere: its one image, hub-test/busybox, is
// made from Debian's static busybox.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

export const IMAGE = 'hub-test/busybox';

// It is stopped by KILL: a shell that is a container's first process takes no
// notice of TERM, and that costs ten seconds.
const DOCKERFILE = 'FROM scratch\nADD root.tar /\nENV PATH=/bin\nSTOPSIGNAL SIGKILL\nCMD ["sh"]\n';

export class Engine {
  /** Starts one that ends with the test file; its containers end with it. */
  static async start() {
    const engine = new Engine();
    after(() => engine.remove());
    await engine.run();
    engine.makeImage();
    return engine;
  }

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'hub-engine-'));
    this.host = `unix://${this.folder}/docker.sock`;
    this.bridge = `hub${randomBytes(4).toString('hex')}`;
    this.quiet = existsSync(newAddresses) && readFileSync(newAddresses, 'utf8');
    if (this.quiet) writeFileSync(newAddresses, '1');
    const network = `10.${randomInt(64, 128)}.${randomInt(256)}.1/24`;
    const mac = `02:42:${[...randomBytes(4)].map((byte) => byte.toString(16).padStart(2, '0')).join(':')}`;
    ip('link', 'add', 'name', this.bridge, 'address', mac, 'type', 'bridge');
    ip('addr', 'add', network, 'dev', this.bridge);
    ip('link', 'set', this.bridge, 'up');
  }

  /** Starts it, again after stop(), with all that it had. */
  async run() {
    const at = (name) => join(this.folder, name);
    for (const stale of ['pid', 'exec/containerd/containerd.pid']) rmSync(at(stale), { force: true });
    this.process = spawn('dockerd', ['--host', this.host, '--data-root', at('data'), '--exec-root', at('exec'), '--pidfile', at('pid'),
      '--bridge', this.bridge, '--iptables=false', '--ip6tables=false', '--ip-masq=false', '--ip-forward=false', '--shutdown-timeout', '2',
      '--insecure-registry', '127.0.0.0/8'], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.gone = new Promise((resolve) => this.process.once('close', resolve));
    let log = '';
    for (const stream of [this.process.stdout, this.process.stderr]) stream.on('data', (text) => { log = (log + text).slice(-4000); });
    for (let tries = 0; tries < 600; tries++) {
      if (this.process.exitCode !== null) break;
      if (this.answers()) return;
      await sleep(50);
    }
    assert.fail(`the engine does not start:\n${log}`);
  }

  answers() {
    try {
      this.docker('version');
      return true;
    } catch {
      return false;
    }
  }

  /** Runs the docker command on this engine and returns what it printed, without the last newline. */
  docker(...args) {
    return execFileSync('docker', args, { env: { ...process.env, DOCKER_HOST: this.host, DOCKER_BUILDKIT: '0' }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  }

  /** Ends it in order, its containers too. */
  async stop() {
    this.process.kill('SIGTERM');
    await this.gone;
  }

  /** Makes IMAGE: busybox with its applets, and a /bin/sh. */
  makeImage() {
    const root = join(this.folder, 'root');
    mkdirSync(join(root, 'bin'), { recursive: true });
    mkdirSync(join(this.folder, 'context'));
    for (const folder of ['tmp', 'etc', 'root', 'proc']) mkdirSync(join(root, folder));
    copyFileSync(busybox(), join(root, 'bin/busybox'));
    for (const applet of execFileSync(busybox(), ['--list'], { encoding: 'utf8' }).trim().split('\n')) {
      if (applet !== 'busybox') symlinkSync('busybox', join(root, 'bin', applet));
    }
    writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
    execFileSync('tar', ['-cf', join(this.folder, 'context/root.tar'), '-C', root, '.']);
    writeFileSync(join(this.folder, 'context/Dockerfile'), DOCKERFILE);
    this.docker('build', '--quiet', '--tag', IMAGE, join(this.folder, 'context'));
  }

  /** Ends it for good, with all that it had. */
  async remove() {
    try {
      const all = this.docker('ps', '-aq').split('\n').filter(Boolean);
      if (all.length) this.docker('rm', '-f', '-v', ...all);
    } catch {
      // It does not answer; what it left is ended below.
    }
    await this.stop();
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      if (commandOf(pid).includes(this.folder)) kill(Number(pid));
    }
    ip('link', 'del', this.bridge);
    if (this.quiet) writeFileSync(newAddresses, this.quiet);
    for (const [, mount] of mounts()) if (mount.startsWith(`${this.folder}/`)) execFileSync('umount', ['-l', mount]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/**
 * Whether interfaces made from now on get an IPv6 address. Each container makes
 * one, and a Chromium on the same machine that sees a new address drops all that
 * it is loading.
 */
const newAddresses = '/proc/sys/net/ipv6/conf/default/disable_ipv6';

const ip = (...args) => execFileSync('ip', args);
const busybox = () => execFileSync('sh', ['-c', 'command -v busybox'], { encoding: 'utf8' }).trim();
const mounts = () => readFileSync('/proc/self/mounts', 'utf8').split('\n').filter(Boolean).map((line) => line.split(' '));

/** A process's command line, "" for one that is gone or this one. */
function commandOf(pid) {
  try {
    return readlinkSync(`/proc/${pid}/exe`) === process.execPath ? '' : readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
