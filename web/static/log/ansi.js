// A line of a log as a terminal would show it: its text, and which styles and
// links stand where. Colours, links and overwriting are understood, all other
// sequences are dropped, and what would hide or reorder text is made visible.

import { pictures, SEQUENCES, special } from '../lib/plain.js';
import { Line } from './overwrite.js';
import { restyle } from './sgr.js';

/** @typedef {import('./sgr.js').Style} Style */
/** @typedef {{text: string, style?: Style, href?: string}} Span */

/* eslint-disable no-control-regex */
const STEPS = new RegExp(`${SEQUENCES.source}|[\\r\\b]`, 'g');
const CSI = /^(?:\x1b\[|\x9b)([\d;:]*)([mKG])$/;
const LINK = /^(?:\x1b\]|\x9d)8;[^;]*;(.*?)(?:\x07|\x9c|\x1b\\)$/s;
const MOVES = /[\r\b]|(?:\x1b\[|\x9b)(?:[12]K|[01]?G)/; // what makes a cursor stand elsewhere than at the end
const LONGEST_LINK = 2_048;

/**
 * The line in pieces. Their texts joined are what visible() says.
 * @param {string} text as the program wrote it
 * @returns {Span[]}
 */
export function spans(text) {
  if (!special(text)) return text ? [{ text }] : [];
  const line = new Line();
  /** @type {Style | undefined} */ let style;
  /** @type {string | undefined} */ let href;
  let from = 0;
  const write = (/** @type {number} */ to) => {
    if (to > from) line.write({ text: text.slice(from, to), ...(style && { style }), ...(href && { href }) });
  };
  STEPS.lastIndex = 0;
  for (let found; (found = STEPS.exec(text));) {
    const [step] = found;
    write(found.index);
    from = STEPS.lastIndex;
    if (step === '\r') line.home();
    else if (step === '\b') line.back();
    else if (/^(?:\x1b\[|\x9b)/.test(step)) {
      const [, parameters, final] = CSI.exec(step) ?? [];
      if (final === 'm') style = restyle(style, parameters);
      else if (final === 'K' && Number(parameters) <= 2) line.erase(Number(parameters));
      else if (final === 'G' && Number(parameters) <= 1) line.home();
    } else {
      const link = LINK.exec(step);
      if (link) href = safe(link[1]);
    }
  }
  write(text.length);
  const shown = line.spans();
  for (const span of shown) span.text = pictures(span.text);
  return shown;
}

/**
 * The line's text alone: what is searched, copied and measured.
 * @param {string} text
 */
export function visible(text) {
  if (!special(text)) return text;
  if (MOVES.test(text)) return spans(text).map((span) => span.text).join('');
  return pictures(text.replace(SEQUENCES, ''));
}

/** An address to follow, if it is one of the web. @param {string} address */
function safe(address) {
  if (address.length > LONGEST_LINK || !/^https?:\/\//i.test(address)) return undefined;
  try {
    return new URL(address).href;
  } catch {
    return undefined;
  }
}
