// What a terminal's colour sequence (SGR) says, as data: names and numbers,
// never a piece of the log itself.

/**
 * A colour is one of the palette's sixteen by its number, or "#rrggbb".
 * @typedef {number | string} Colour
 * @typedef {object} Style
 * @property {Colour} [fg]
 * @property {Colour} [bg]
 * @property {boolean} [bold]
 * @property {boolean} [dim]
 * @property {boolean} [italic]
 * @property {boolean} [underline]
 * @property {boolean} [inverse]
 * @property {boolean} [strike]
 */

const CUBE = [0, 95, 135, 175, 215, 255];

/**
 * What codes do to a style. Conceal and blink are left out on purpose: a log
 * hides nothing and keeps still.
 * @type {Record<number, Style>}
 */
const CHANGES = {
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  9: { strike: true },
  21: { underline: true },
  22: { bold: undefined, dim: undefined },
  23: { italic: undefined },
  24: { underline: undefined },
  27: { inverse: undefined },
  29: { strike: undefined },
  39: { fg: undefined },
  49: { bg: undefined },
};

/**
 * The style after a sequence's parameters, undefined for the plain one.
 * @param {Style | undefined} style what held before
 * @param {string} parameters such as "1;38;5;208" or "4:3"
 * @returns {Style | undefined}
 */
export function restyle(style, parameters) {
  /** @type {Style} */ let next = { ...style };
  const parts = parameters.split(';');
  for (let i = 0; i < parts.length; i++) {
    const [code, ...own] = parts[i].split(':').map(Number);
    if (code === 0) next = {};
    else if (code === 38 || code === 48 || code === 58) {
      // With colons the colour is this parameter's own, with semicolons the next ones are.
      const mode = own.length ? own : parts.slice(i + 1, i + 5).map(Number);
      if (!own.length) i += mode[0] === 2 ? 4 : mode[0] === 5 ? 2 : 0;
      const wanted = colour(mode, own.length > 4);
      if (code !== 58 && wanted !== undefined) next[code === 38 ? 'fg' : 'bg'] = wanted;
    } else if (code === 4 && own[0] === 0) delete next.underline;
    else if (code >= 30 && code <= 37) next.fg = code - 30;
    else if (code >= 40 && code <= 47) next.bg = code - 40;
    else if (code >= 90 && code <= 97) next.fg = code - 82;
    else if (code >= 100 && code <= 107) next.bg = code - 92;
    else if (code in CHANGES) Object.assign(next, CHANGES[code]);
  }
  return bare(next);
}

/** @param {Style} style */
function bare(style) {
  /** @type {any} */ const kept = {};
  let any = false;
  for (const [name, value] of Object.entries(style)) {
    if (value === undefined) continue;
    kept[name] = value;
    any = true;
  }
  return any ? /** @type {Style} */ (kept) : undefined;
}

/**
 * @param {number[]} numbers 5;n or 2;r;g;b
 * @param {boolean} space whether a colour space's number stands before r
 * @returns {Colour | undefined}
 */
function colour([mode, ...rest], space) {
  if (mode === 5 && isByte(rest[0])) return indexed(rest[0]);
  if (mode !== 2) return undefined;
  const rgb = space ? rest.slice(1, 4) : rest.slice(0, 3);
  return rgb.length === 3 && rgb.every(isByte) ? hex(rgb) : undefined;
}

/** @param {number} n of the 256 */
function indexed(n) {
  if (n < 16) return n;
  if (n >= 232) return hex([0, 0, 0].fill(8 + 10 * (n - 232)));
  return hex([Math.floor((n - 16) / 36), Math.floor((n - 16) / 6) % 6, (n - 16) % 6].map((step) => CUBE[step]));
}

/** @param {number[]} rgb */
const hex = (rgb) => `#${rgb.map((n) => n.toString(16).padStart(2, '0')).join('')}`;

/** @param {number} n */
const isByte = (n) => Number.isInteger(n) && n >= 0 && n <= 255;
