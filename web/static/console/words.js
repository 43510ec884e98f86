// The words of a command as a shell would read them, but that nothing in them
// is replaced: the container gets them as they are, and its shell, if there is
// one at all, is not asked.

/**
 * @param {string} text
 * @returns {string[]}
 */
export function wordsOf(text) {
  /** @type {string[]} */ const words = [];
  let word = '';
  let begun = false;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '\\' && quote !== "'" && (!quote || '"\\$`'.includes(text[i + 1]))) {
      if (++i === text.length) throw new Error('The command ends with a backslash.');
      word += text[i];
      begun = true;
    } else if (quote ? c === quote : c === '"' || c === "'") {
      quote = quote ? '' : c;
      begun = true;
    } else if (!quote && /\s/.test(c)) {
      if (begun) words.push(word);
      [word, begun] = ['', false];
    } else {
      word += c;
      begun = true;
    }
  }
  if (quote) throw new Error(`The command has a quote ${quote} that does not end.`);
  if (begun) words.push(word);
  return words;
}
