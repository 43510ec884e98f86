// What a key sends to a program in a terminal, in the words that xterm made
// common.

/** @typedef {Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'altKey' | 'shiftKey' | 'metaKey'>} Key */

const ESC = '\x1b';
/** Those that have a letter behind CSI. @type {Record<string, string | undefined>} */
const LETTERS = { ArrowUp: 'A', ArrowDown: 'B', ArrowRight: 'C', ArrowLeft: 'D', Home: 'H', End: 'F', F1: 'P', F2: 'Q', F3: 'R', F4: 'S' };
/** Those that have a number. @type {Record<string, number | undefined>} */
const NUMBERS = { Insert: 2, Delete: 3, PageUp: 5, PageDown: 6, F5: 15, F6: 17, F7: 18, F8: 19, F9: 20, F10: 21, F11: 23, F12: 24 };
/** What Ctrl makes of the keys that are no letters. @type {Record<string, string | undefined>} */
const CONTROLS = { ' ': '\0', '@': '\0', 2: '\0', '[': ESC, 3: ESC, '\\': '\x1c', 4: '\x1c', ']': '\x1d', 5: '\x1d', '^': '\x1e', 6: '\x1e', _: '\x1f', '/': '\x1f', 7: '\x1f', '?': '\x7f', 8: '\x7f' };

/**
 * The bytes of a key, as characters; "" for one that is not the terminal's:
 * what it writes comes as text, or it is the browser's.
 * @param {Key} key
 * @param {{application?: boolean}} [modes] of the terminal; application: the program wants its cursor keys so
 */
export function bytesOf({ key, ctrlKey: ctrl, altKey: alt, shiftKey: shift, metaKey: meta }, { application = false } = {}) {
  if (meta) return '';
  const lead = alt ? ESC : '';
  switch (key) {
    case 'Enter':
      return `${lead}\r`;
    case 'Escape':
      return lead + ESC;
    case 'Backspace':
      return lead + (ctrl ? '\b' : '\x7f');
    case 'Tab':
      return ctrl ? '' : shift ? `${ESC}[Z` : `${lead}\t`;
  }
  const modifiers = 1 + (shift ? 1 : 0) + (alt ? 2 : 0) + (ctrl ? 4 : 0);
  const letter = LETTERS[key];
  if (letter && modifiers > 1) return `${ESC}[1;${modifiers}${letter}`;
  if (letter) return ESC + (application || 'PQRS'.includes(letter) ? 'O' : '[') + letter;
  const number = NUMBERS[key];
  if (number) return modifiers > 1 ? `${ESC}[${number};${modifiers}~` : `${ESC}[${number}~`;
  if (key.length !== 1 || (ctrl && alt)) return ''; // dead keys, media keys; both at once is AltGr, which writes
  if (ctrl) return control(key);
  return alt && key >= ' ' && key <= '~' ? ESC + key : '';
}

/** @param {string} key */
function control(key) {
  const code = key.toLowerCase().charCodeAt(0);
  if (code >= 97 && code <= 122) return String.fromCharCode(code & 31);
  return CONTROLS[key] ?? '';
}

// eslint-disable-next-line no-control-regex
const UNWANTED = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;

/**
 * Text from the clipboard as a terminal takes it: without control characters,
 * by which a copied text could act as keys, and lines end as Enter does.
 * @param {string} text
 * @param {boolean} bracketed whether the program wants to know what is pasted
 */
export function pasted(text, bracketed) {
  const clean = text.replace(/\r\n?/g, '\n').replace(UNWANTED, '').replaceAll('\n', '\r');
  return bracketed ? `${ESC}[200~${clean}${ESC}[201~` : clean;
}
