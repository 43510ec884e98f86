// Lines that are JSON, unfolded.

const LONGEST = 262_144; // characters of an unfolded line that are shown
const SURE = 16_384; // characters up to which a line is read to be sure that it is JSON
const READ = 2_000_000; // characters up to which a line is read at all

/** Whether a line may be unfolded: certain for a short one, likely for a long one. @param {string} text */
export function isJson(text) {
  if (text.length > READ) return false;
  const first = text.charCodeAt(text.search(/\S/));
  const last = text.trimEnd().slice(-1);
  if (!(first === 0x7b && last === '}') && !(first === 0x5b && last === ']')) return false;
  return text.length > SURE || (text.length > 2 && read(text) !== undefined);
}

/** The line with one value a row, or what is wrong with it. @param {string} text */
export function unfold(text) {
  const value = read(text);
  if (value === undefined) return 'this is not JSON after all';
  const pretty = JSON.stringify(value, null, 2);
  return pretty.length <= LONGEST ? pretty : `${pretty.slice(0, LONGEST)}\n… (the rest is not shown here; a download has it)`;
}

/** @param {string} text @returns {object | undefined} */
function read(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
