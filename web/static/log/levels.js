// How grave a line is, as its program says it: in JSON, in logfmt, or in a
// word near the beginning of a plain line. A word deep in a text says nothing.

import { SEQUENCES, special } from '../lib/plain.js';

/** @typedef {'' | 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'} Level */

/** @type {Level[]} from "not known" up */
export const LEVELS = ['', 'trace', 'debug', 'info', 'warn', 'error', 'fatal'];

const HEAD = 512; // characters that a level is looked for in
const START = 96; // and those of them for a word in a plain line, after a long time and a name
const DEEP = 4_096; // in JSON the message may come first

/** @param {Level} level @param {string} words */
const said = (level, words) => words.split(' ').map((word) => /** @type {[string, Level]} */ ([word, level]));

const WORDS = new Map([
  ...said('trace', 'trace trac trc trce finest finer verbose'),
  ...said('debug', 'debug dbug dbg fine config debug1 debug2 debug3 debug4 debug5'),
  ...said('info', 'info inf information informational notice note log system'),
  ...said('warn', 'warn warning wrn'),
  ...said('error', 'error err eror fail failure severe exception'),
  ...said('fatal', 'fatal ftl critical crit alert emerg emergency panic pnc dpanic'),
]);

/** @type {Record<string, Level>} */
const LETTERS = { T: 'trace', V: 'trace', D: 'debug', I: 'info', N: 'info', W: 'warn', E: 'error', F: 'fatal', C: 'fatal', A: 'fatal' };
/** @type {Level[]} */
const SYSLOG = ['fatal', 'fatal', 'fatal', 'error', 'warn', 'info', 'info', 'debug'];

const JSON_KEY = /"(?:@?level|lvl|severity|severity_text|severityText|levelname|log\.level|loglevel|@l)"\s*:\s*(?:"([A-Za-z]+)[^"]*"|(\d{1,3})\b)/i;
const JSON_LETTER = /"s"\s*:\s*"([DIWEF])\d?"/; // MongoDB
const LOGFMT = /(?:^|[\s,])(?:level|lvl|severity)=(?:"?([A-Za-z]+)|(\d{1,3})\b)/i;
const KLOG = /^([IWEF])\d{4} \d\d:\d\d:\d\d/;
const RUBY = /^([DIWEFA]), \[\d{4}-/;
const PRIORITY = /^<(\d{1,3})>/; // syslog
const REDIS = /^\d+:[XCSM] \d\d \w{3} [\d :.]+ ([.\-*#]) /;
const CAPITALS = /(?:^|[\s[(|:>])(TRACE|VERBOSE|DEBUG[1-5]?|INFO|NOTICE|NOTE|LOG(?=:)|WARN|WARNING|ERROR|SEVERE|CRITICAL|CRIT|FATAL|ALERT|EMERG|PANIC|FINEST|FINER|FINE|CONFIG|TRC|DBG|INF|WRN|ERR|FTL|PNC|DPANIC|EROR)(?=$|[\s:\])|,;!/<]|\[\d|[+-]\d)/;
const BRACKETED = /[[(](?:[a-z_0-9]+:)?(trace|debug|info|notice|note|warn|warning|err|error|crit|critical|fatal|alert|emerg|panic|system)\s*[\])]/i;
const COLON = /(?:^|[\s:])(trace|trce|debug|dbug|info|notice|note|warn|warning|error|exception|fail|fatal|crit|critical|panic|severe)(?:\[\w+\])?:(?=\s|$)/i;
const THROWN = /(?:^|[\s:])[\w$.]+(Error|Exception):(?=\s|$)/;
const OPENING = /^(?:npm (ERR|WARN|error|warn)\b|Traceback \(most recent call last\)|Exception in thread |(?:[\w$]+\.)+\w*(?:Exception|Error)$)/;

/**
 * @param {string} text as the program wrote it
 * @param {string} [stream] not asked: what stands on stderr is often no error
 * @returns {Level}
 */
export function levelOf(text, stream) {
  let head = text.length > HEAD ? text.slice(0, HEAD) : text;
  if (special(head)) head = head.replace(SEQUENCES, '');
  if (/^\s*\{/.test(head)) return ofJSON(text.length > DEEP ? text.slice(0, DEEP) : text) || ofPairs(head);
  return ofPairs(head) || ofPlain(head.length > START ? head.slice(0, START) : head);
}

/** @param {string} word @returns {Level} */
const named = (word) => WORDS.get(word.toLowerCase()) ?? '';

/** Syslog's numbers are 0 to 7, those of pino and bunyan tens. @param {number} n @returns {Level} */
const numbered = (n) => (n < 8 ? SYSLOG[n] : n >= 10 && n < 70 ? LEVELS[Math.floor(n / 10)] : '');

/** @param {string} text @returns {Level} */
function ofJSON(text) {
  const [, word, number] = JSON_KEY.exec(text) ?? [];
  if (word) return named(word) || (word.length === 1 && LETTERS[word.toUpperCase()]) || '';
  if (number) return numbered(Number(number));
  const letter = JSON_LETTER.exec(text);
  return letter ? LETTERS[letter[1]] : '';
}

/** @param {string} head @returns {Level} */
function ofPairs(head) {
  if (!head.includes('=')) return '';
  const found = LOGFMT.exec(head);
  if (!found || isQuoted(head, found.index)) return '';
  return found[1] ? named(found[1]) : numbered(Number(found[2]));
}

/** Whether a place lies within a message in quotes. @param {string} text @param {number} at */
function isQuoted(text, at) {
  let quotes = 0;
  for (let i = text.indexOf('"'); i >= 0 && i < at; i = text.indexOf('"', i + 1)) if (text[i - 1] !== '\\') quotes++;
  return quotes % 2 === 1;
}

/** @param {string} start @returns {Level} */
function ofPlain(start) {
  const letter = KLOG.exec(start) ?? RUBY.exec(start);
  if (letter) return LETTERS[letter[1]];
  const priority = PRIORITY.exec(start);
  if (priority) return SYSLOG[Number(priority[1]) % 8];
  const redis = REDIS.exec(start);
  if (redis) return /** @type {Record<string, Level>} */ ({ '.': 'debug', '-': 'debug', '*': 'info', '#': 'warn' })[redis[1]];

  let found = CAPITALS.exec(start);
  const first = (/** @type {RegExp} */ form) => {
    const other = form.exec(start);
    if (other && (!found || other.index < found.index)) found = other;
  };
  if (/[[(]/.test(start)) first(BRACKETED);
  if (/:(?:\s|$)/.test(start)) [COLON, THROWN].forEach(first);
  if (found) return named(found[1]);
  const opening = OPENING.exec(start);
  return opening ? (opening[1] ? named(opening[1]) : 'error') : '';
}
