// Characters as a terminal has them: how many columns each takes, and what may
// not stand on a screen.

const NONE = /^[\p{Mn}\p{Me}\u200b-\u200d\u2060\ufe00-\ufe0f\u{e0100}-\u{e01ef}\u{1f3fb}-\u{1f3ff}]$/u;
const WIDE = /^[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{1fa70}-\u{1faff}\u{20000}-\u{3fffd}]$/u;
const PICTURE = /^\p{Emoji_Presentation}$/u;

/** @type {Map<string, number>} what was asked before: a text has few different characters */
const known = new Map();

/** Text whose characters take one column each, as most has. */
export const NARROW = /^[ -\u02ff]*$/;

/** 2 for the wide ones of East Asia and for pictures, 0 for what joins the character before it. @param {string} character one code point */
export function widthOf(character) {
  if (character < '\u0300') return 1;
  const before = known.get(character);
  if (before !== undefined) return before;
  const width = NONE.test(character) ? 0 : WIDE.test(character) || PICTURE.test(character) ? 2 : 1;
  if (known.size > 4_096) known.clear();
  known.set(character, width);
  return width;
}

/** Characters that change the order of those around them would make a row lie. */
const REORDERING = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** @param {string} text */
export const inOrder = (text) => text.replace(REORDERING, '\ufffd');

/** What DEC's line drawing has in the places of ` to ~. */
const DRAWN = '◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·';

/** @param {string} text */
export const lineDrawing = (text) => text.replace(/[`-~]/g, (c) => DRAWN[c.charCodeAt(0) - 96]);
