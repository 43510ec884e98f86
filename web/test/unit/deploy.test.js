// What the deploy view says of runs, and what it never shows.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginnings, goodBefore, kept, outcome, standing, valuesOf } from '../../static/views/deploy/run.js';
import { commandOf, pairsOf } from '../../static/views/deploy/secrets.js';

const NOW = 1_000_000_000;
const seconds = (ago) => NOW / 1000 - ago;
const stage = (kind, status = 'completed', more = {}) => ({ stage: kind, kind, status, ...more });
const site = (statuses, more = {}) => ({
  task_id: 'a', task_type: 'html_site_pipeline', status: 'error', outcome: 'error', site: 'https://git.example/site', created_at: seconds(60), started_at: seconds(60), ended_at: seconds(48),
  stages: ['clone', 'build', 'login', 'push', 'pull', 'run', 'probe'].map((kind, i) => stage(kind, statuses[i])), ...more,
});
const DONE = Array(7).fill('completed');
const AT_PUSH = ['completed', 'completed', 'completed', 'error', 'skipped', 'skipped', 'skipped'];
const AT_PROBE = [...Array(6).fill('completed'), 'error'];

test('an outcome is said in words, with its stage and its cause', () => {
  const said = (run) => outcome(run, NOW);
  assert.equal(said(site(DONE, { status: 'completed', outcome: 'completed' })), 'completed in 12 s');
  assert.equal(said(site(AT_PUSH, { error: 'nobody answers' })), 'error at push after 12 s: nobody answers');
  assert.equal(said(site(AT_PROBE, { outcome: 'rolled_back', error: '404.' })), 'rolled back at probe: the one before serves on. 404.');
  assert.equal(said(site(AT_PUSH, { outcome: 'cancelled' })), 'cancelled at push after 12 s');
  assert.equal(said(site(AT_PUSH, { outcome: 'interrupted' })), 'interrupted at push: the hub was shut down');
  assert.equal(said(site(['running'], { status: 'running', ended_at: undefined })), 'at clone, 1 min so far');
  assert.equal(said(site([], { status: 'running', queued: true, position: 2 })), 'waits for other pipelines, at position 2');
});

test('a standing has a word and a sign beside its tone', () => {
  assert.deepEqual(standing(site(AT_PROBE, { outcome: 'rolled_back' })), { tone: 'warn', sign: '!', word: 'rolled back' });
  assert.deepEqual(standing(site(AT_PUSH)), { tone: 'bad', sign: '✗', word: 'failed' });
  assert.deepEqual(standing(site(DONE, { status: 'completed' })), { tone: 'good', sign: '✓', word: 'completed' });
});

test('a retry begins no later than where it failed, and never between a run and its probe', () => {
  const until = { kept_until: seconds(-1800) };
  assert.deepEqual(beginnings(site(AT_PUSH, until)), ['clone', 'build', 'login', 'push']);
  assert.deepEqual(beginnings(site(AT_PROBE, until)), ['clone', 'build', 'login', 'push', 'pull', 'run']);
  assert.deepEqual(beginnings(site(DONE, { status: 'completed', ...until })), ['clone', 'build', 'login', 'push', 'pull', 'run']);
  assert.deepEqual(beginnings(site(AT_PUSH)), ['clone']);
  assert.deepEqual(beginnings(site(AT_PUSH, { ...until, retried_as: 'b' })), []);
  assert.deepEqual(beginnings({ ...site([], until), stages: [stage('run'), stage('run'), stage('probe', 'error')].map((each, i) => ({ ...each, stage: `${i}` })) }), ['0', '1']);
});

test('it is told how long what was made is kept', () => {
  assert.match(kept(site(AT_PUSH, { kept_until: seconds(-1800) }), NOW), /until .+ \(30 min\)\.$/);
  assert.match(kept(site(AT_PUSH), NOW), /no longer kept/);
  assert.equal(kept(site(AT_PUSH, { retried_as: 'b' }), NOW), '');
});

test('a roll back goes to the good run before, of the same site', () => {
  const at = (id, ago, more = {}) => site(DONE, { task_id: id, created_at: seconds(ago), status: 'completed', ...more });
  const now = at('now', 10);
  assert.equal(goodBefore(now, [now, at('failed', 20, { status: 'error' }), at('other', 30, { site: 'x' }), at('good', 40), at('older', 50)])?.task_id, 'good');
  assert.equal(goodBefore(now, [at('later', 5), now]), undefined);
});

test('the form is filled from a run, for a roll back at its very commit', () => {
  const run = site(DONE, { about: { repo_url: 'https://git.example/site', repo_tag: 'registry.example:5000/site:1.4', host_port: 8080 } });
  run.stages[0].facts = { ref: 'main', commit: 'c0ffee' };
  run.stages[6].facts = { url: 'http://localhost:8080/up?x=1' };
  assert.deepEqual(valuesOf(run), { repo_url: 'https://git.example/site', dockerhub_repo: 'registry.example:5000/site', tag: '1.4', host_port: '8080', ref: 'main', probe_path: '/up?x=1' });
  assert.equal(valuesOf(run, true).ref, 'c0ffee');
  assert.equal(valuesOf({ ...run, about: { repo_tag: 'registry.example:5000/site' } }).dockerhub_repo, 'registry.example:5000/site');
});

test('no secret stands in the command to copy', () => {
  const command = commandOf('http://hub/', '/pipeline/start', {
    dockerhub_password: 'one', git_password: 'two', secrets: { NPM_TOKEN: 'three' }, secret_named: 'shown',
    stages: [{ kind: 'login', username: 'me', password: 'four' }, { kind: 'run', env: { PORT: '$HOME' } }],
  });
  for (const secret of ['one', 'two', 'three', 'four']) assert.ok(!command.includes(`"${secret}"`), secret);
  for (const name of ['DOCKERHUB_PASSWORD', 'GIT_PASSWORD', 'NPM_TOKEN', 'LOGIN_PASSWORD']) assert.ok(command.includes(`"'"$${name}"'"`), name);
  assert.ok(command.includes('"PORT":"$HOME"'), 'what only looks like a variable stays a text');
});

test('secrets are given as NAME=value, one a line', () => {
  assert.deepEqual(pairsOf('A=1\n\nB=x=y\n'), { A: '1', B: 'x=y' });
  assert.equal(pairsOf(' \n'), undefined);
  assert.throws(() => pairsOf('nonsense'), /NAME=value/);
});
