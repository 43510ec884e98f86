// A list on the page that follows a list of data: elements are kept by key and
// moved only where the order changed, so that neither focus nor selection is
// lost when something else in the list changes.

/**
 * @template T
 * @template {HTMLElement} E
 * @param {HTMLElement} parent holds nothing but these elements
 * @param {Iterable<T>} items
 * @param {(item: T) => string} keyOf
 * @param {(item: T) => E} make
 * @param {(element: E, item: T) => void} [update] called for new elements, too
 */
export function keyed(parent, items, keyOf, make, update) {
  /** @type {Map<string, E>} */ const known = elements.get(parent) ?? new Map();
  const next = new Map();
  const list = [...items].map((item) => ({ item, key: keyOf(item) }));
  const wanted = new Set(list.map(({ key }) => key));
  for (const [key, element] of known) {
    if (wanted.has(key)) continue;
    element.remove();
    known.delete(key);
  }
  /** @type {ChildNode | null} */ let place = parent.firstChild;
  for (let { item, key } of list) {
    while (next.has(key)) key += '\0'; // two of one key are two elements
    const element = known.get(key) ?? make(item);
    known.delete(key);
    next.set(key, element);
    if (element === place) place = place.nextSibling;
    else parent.insertBefore(element, place);
    update?.(element, item);
  }
  for (const element of known.values()) element.remove(); // the second of one key, gone
  elements.set(parent, next);
}

/** @type {WeakMap<HTMLElement, Map<string, any>>} */
const elements = new WeakMap();
