// The colours of a log. On the page's own ground the sixteen are classes that
// read well in both themes, and any other colour is moved in lightness until it
// does (by the style sheet). Where the log sets the ground, both are as the
// program said, but for a text that could not be read there: that is black or
// white.

/** @typedef {import('./sgr.js').Colour} Colour */

/** The sixteen, where they are a ground or stand on one. */
const SIXTEEN = [
  '#2b3033', '#c0362c', '#2e7d32', '#946200', '#1f5fbf', '#9b3fa8', '#0b7285', '#d5d9d7',
  '#6b7377', '#e5534b', '#57ab5a', '#c69026', '#539bf5', '#b083f0', '#39c5cf', '#f5f6f5',
];
const ENOUGH = 4.5; // WCAG's contrast for text

/** @param {Colour} colour */
export const hex = (colour) => (typeof colour === 'number' ? SIXTEEN[colour] : colour);

/** The text's colour on a ground that the log sets. @param {Colour | undefined} fg @param {Colour} bg */
export function onGround(fg, bg) {
  const ground = hex(bg);
  if (fg !== undefined && contrast(hex(fg), ground) >= ENOUGH) return hex(fg);
  return contrast('#000000', ground) >= contrast('#ffffff', ground) ? '#000000' : '#ffffff';
}

/** From 1 to 21, as WCAG counts it. @param {string} a "#rrggbb" @param {string} b */
export function contrast(a, b) {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

/** @param {string} colour */
function luminance(colour) {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
