// What is said of containers, of their files and of a new one.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { around, found, outline } from '../../static/views/containers/outline.js';
import { clean, crumbs, filesOf, join, modeWords, parent, wrongName } from '../../static/views/containers/paths.js';
import { bodyOf, envOf, missing, portsOf as given } from '../../static/views/containers/runspec.js';
import { sectionsOf } from '../../static/views/containers/summary.js';
import { binary, closed, disguised, opened } from '../../static/views/containers/text.js';
import { chosen, portsOf, sorted, standing } from '../../static/views/containers/words.js';

const container = (name, rest = {}) =>
  ({ id: `${name}0123456789`, name, image: ['nginx:alpine'], image_id: 'sha256:1', status: 'running', created: '2026-11-23T20:11:47Z', ports: {}, ...rest });

test('a port that every address has is shown once, as a link to the page\'s own host', () => {
  const ports = portsOf({ '80/tcp': [{ address: '0.0.0.0', port: 8080 }, { address: '::', port: 8080 }] }, 'hub.test');
  assert.deepEqual(ports.map(({ text, href }) => [text, href]), [['8080 → 80', 'http://hub.test:8080/']]);
});

test('a port of one address leads there; one for datagrams, or not published, leads nowhere', () => {
  const ports = portsOf({ '80/tcp': [{ address: '127.0.0.1', port: 81 }, { address: '::1', port: 82 }], '53/udp': [{ address: '0.0.0.0', port: 53 }], '9/tcp': [] }, 'h');
  assert.deepEqual(ports.map(({ text, href }) => [text, href]), [
    ['127.0.0.1:81 → 80', 'http://127.0.0.1:81/'], ['[::1]:82 → 80', 'http://[::1]:82/'], ['53 → 53/udp', undefined], ['9/tcp', undefined],
  ]);
});

test('a filter wants each of its words in name, image, command, id or port', () => {
  const all = [container('web', { command: 'nginx -g', ports: { '80/tcp': [{ address: '::', port: 8080 }] } }), container('db', { image: ['postgres:17'], status: 'exited' })];
  const names = (filter) => chosen(all, filter).map(({ name }) => name);
  assert.deepEqual(names({}), ['web', 'db']);
  assert.deepEqual(names({ text: 'ALPINE web' }), ['web']);
  assert.deepEqual(names({ text: '8080' }), ['web']);
  assert.deepEqual(names({ text: 'postgres web' }), []);
  assert.deepEqual(names({ state: 'stopped' }), ['db']);
  assert.deepEqual(names({ state: 'nonsense' }), ['web', 'db']);
});

test('containers are ordered by name as people count, or by what they use', () => {
  const all = ['web-10', 'web-2', 'db'].map((name) => container(name));
  const use = ({ name }) => ({ cpu: name === 'web-10' ? 50 : undefined });
  assert.deepEqual(sorted(all, 'name', use).map(({ name }) => name), ['db', 'web-2', 'web-10']);
  assert.deepEqual(sorted(all, 'cpu', use).map(({ name }) => name), ['web-10', 'db', 'web-2']);
});

test('each state has its tone', () => {
  assert.deepEqual(['running', 'paused', 'restarting', 'exited', 'created', 'dead'].map(standing), ['good', 'warn', 'warn', '', '', 'bad']);
});

test('a path is absolute, whatever an address says', () => {
  assert.deepEqual(['', '/', 'etc', '/etc/', '//etc//x', '/etc/../..', '/a/./b/..'].map(clean), ['/', '/', '/etc', '/etc', '/etc/x', '/', '/a']);
  assert.deepEqual([join('/', 'etc'), join('/etc', 'x y'), parent('/etc/x'), parent('/')], ['/etc', '/etc/x y', '/etc', '/']);
  assert.deepEqual(crumbs('/etc/nginx').map(({ name, path }) => `${name} ${path}`), ['/ /', 'etc /etc', 'nginx /etc/nginx']);
});

test('a new name is one name', () => {
  assert.deepEqual(['a', '-rf', 'a b', '', '..', 'a/b', 'ü'.repeat(128)].map((name) => wrongName(name) === ''), [true, true, true, false, false, false, false]);
});

test('a folder\'s files come without itself, folders first', () => {
  const entry = (name, type, rest) => ({ name, size: 1, type, mode: 0o644, uid: 0, gid: 1, mtime: '', ...rest });
  const files = filesOf('/etc', [entry('etc', 'dir'), entry('etc/b10', 'file'), entry('etc/b2', 'file'), entry('etc/z', 'dir'), entry('etc/mtab', 'file', { link: '/proc/mounts' })]);
  assert.deepEqual(files.map(({ path, folder, link }) => [path, folder, link]), [['/etc/z', true, ''], ['/etc/b2', false, ''], ['/etc/b10', false, ''], ['/etc/mtab', false, '/proc/mounts']]);
  assert.deepEqual(filesOf('/', [entry('/', 'dir'), entry('/bin', 'dir')]).map(({ path }) => path), ['/bin']);
});

test('permissions read as in ls', () => {
  const words = (mode, rest) => modeWords({ folder: false, link: '', mode, ...rest });
  assert.deepEqual([words(0o644), words(0o4755), words(0o4644), words(0o1777, { folder: true }), words(0o777, { link: 'x' })],
    ['-rw-r--r--', '-rwsr-xr-x', '-rwSr--r--', 'drwxrwxrwt', 'lrwxrwxrwx']);
});

test('the form of a new container becomes the body of a run', () => {
  const empty = { image: 'nginx', name: '', command: '', ports: '', env: '', restart: 'no' };
  assert.deepEqual(bodyOf(empty), { image: 'nginx' });
  assert.deepEqual(bodyOf({ ...empty, name: 'web', command: 'nginx -g x', ports: '8080:80\n', env: 'A=1\nB=x=y ü\n\nC=', restart: 'always' }),
    { image: 'nginx', name: 'web', command: 'nginx -g x', ports: { '80/tcp': 8080 }, env: { A: '1', B: 'x=y ü', C: '' }, restart_policy: 'always' });
});

test('ports are written as docker run takes them', () => {
  assert.deepEqual(given('80\n53:53/udp\n127.0.0.1:8080:81\n[::1]:9:82\n8082:81'),
    { '80/tcp': null, '53/udp': 53, '81/tcp': ['127.0.0.1:8080', 8082], '82/tcp': '[::1]:9' });
  for (const wrong of ['http', '80:', '1:2:3:4', '70000', '80/foo']) {
    assert.throws(() => given(wrong), (error) => error.faults[0].field === 'ports' && error.message.includes(wrong), wrong);
  }
  assert.throws(() => envOf('=x'), (error) => error.faults[0].field === 'env');
});

test('an image is missing unless one of the tags is another name for it', () => {
  const tags = ['nginx:alpine', 'busybox:latest', 'localhost:5000/site:latest'];
  assert.deepEqual(['nginx:alpine', 'docker.io/library/nginx:alpine', 'busybox', 'localhost:5000/site', 'sha256:1f0c9a77be12', 'x@sha256:1'].map((image) => missing(image, tags)),
    [false, false, false, false, false, false]);
  assert.deepEqual(['nginx', 'site', 'busybox:1'].map((image) => missing(image, tags)), [true, true, true]);
});

test('of an inspection that is told which people look for', () => {
  const sections = Object.fromEntries(sectionsOf({
    id: '6f2b', image_id: 'sha256:1', command: 'nginx', created: '2026-11-23T20:11:47Z', ports: { '80/tcp': [{ address: '::', port: 80 }], '9/tcp': [] },
    env: ['A=1', 'TOKEN=***'], labels: { app: 'site' },
    inspect: {
      State: { Running: false, ExitCode: 137, StartedAt: '2026-11-23T20:11:48Z', FinishedAt: '2026-11-23T20:12:00Z', OOMKilled: true, Health: { Status: 'unhealthy', FailingStreak: 3, Log: [{ Output: 'refused\n' }] } },
      HostConfig: { Memory: 512 << 20, NanoCpus: 5e8, PidsLimit: 100, RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 5 } },
      Mounts: [{ Type: 'volume', Name: 'data', Destination: '/data', RW: true }], NetworkSettings: { Networks: { bridge: { IPAddress: '10.0.0.2' } } },
    },
  }).map(({ title, rows }) => [title, Object.fromEntries(rows)]));
  assert.equal(sections['In short']['Exit code'], '137');
  assert.equal(sections['In short'].Health, 'unhealthy; failed 3 times in a row; refused');
  assert.equal(sections['In short']['Restart policy'], 'on-failure, at most 5 times');
  assert.deepEqual(sections.Ports, { '80/tcp': '[::]:80', '9/tcp': 'not published' });
  assert.deepEqual(sections.Mounts, { '/data': 'volume data, read and write' });
  assert.deepEqual(sections.Networks, { bridge: '10.0.0.2' });
  assert.deepEqual(sections.Environment, { A: '1', TOKEN: '***' });
  assert.deepEqual(sections.Limits, { Memory: '512 MB', CPUs: '0.5', Processes: '100' });
  assert.ok(sectionsOf({}).every(({ rows }) => Array.isArray(rows)), 'an engine that says nothing breaks nothing');
});

test('JSON folds from a bracket to the one that closes it', () => {
  const lines = outline({ a: { b: [1, 2], text: 'ends in {' }, c: [], d: {} });
  assert.equal(lines.map(({ text }) => text).join('\n'), JSON.stringify({ a: { b: [1, 2], text: 'ends in {' }, c: [], d: {} }, null, 2));
  assert.deepEqual(lines.flatMap(({ last, inside, text }, i) => (last > i ? [`${text.trim()} ${last - i} ${inside}`] : [])), ['{ 10 3', '"a": { 6 2', '"b": [ 3 2']);
  assert.deepEqual(found(lines, 'b'), [2]);
  assert.deepEqual(around(lines, 3), [0, 1, 2]);
  assert.deepEqual(found(outline({ Abc: 'aBC' }), 'abc'), [1]);
  assert.deepEqual(found(outline({ Abc: 1, abc: 2 }), 'Abc'), [1]);
});

test('a text goes back into its file with the line ends it had', () => {
  for (const text of ['', 'a', 'a\nb\n', 'a\r\nb\r\n', '\r\n', '\ufeffa\n']) {
    const { shown, ends } = opened(text);
    assert.equal(shown.includes('\r'), false);
    assert.equal(closed(shown, ends), text, JSON.stringify(text));
  }
  for (const text of ['a\r\nb\n', 'a\rb', 'a\r\nb\r']) assert.equal(opened(text).ends, 'mixed', JSON.stringify(text));
});

test('what is no text, or reads other than it is, is known', () => {
  assert.deepEqual([null, 'a\0b', 'text', ''].map(binary), [true, true, false, false]);
  assert.deepEqual(['if (user\u202e) {', 'Grüße 漢字 👍'].map(disguised), [true, false]);
});
