// Addresses in a text.

const ADDRESS = /https?:\/\/[^\s<>"'`{}|\\^]+/gi;
const TAIL = '.,:;!?*_~';
const LONGEST = 4_096; // characters of an address that is one

/**
 * Cuts a text into what is an http(s) address and what is not.
 * @param {string} text
 * @returns {{text: string, href?: string}[]}
 */
export function linked(text) {
  if (!text.includes('://')) return [{ text }];
  const parts = [];
  let from = 0;
  for (const found of text.matchAll(ADDRESS)) {
    if (found[0].length > LONGEST) continue;
    const address = withoutTail(found[0]);
    if (!URL.canParse(address)) continue;
    if (found.index > from) parts.push({ text: text.slice(from, found.index) });
    parts.push({ text: address, href: address });
    from = found.index + address.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from) });
  return parts;
}

/** An address in a sentence ends before its full stop, one in brackets before them. @param {string} address */
function withoutTail(address) {
  const foreign = TAIL + (address.includes('(') ? '' : ')') + (address.includes('[') ? '' : ']');
  let end = address.length;
  while (foreign.includes(address[end - 1])) end--;
  return address.slice(0, end);
}
