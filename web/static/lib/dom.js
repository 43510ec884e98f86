// Making elements. Nothing here, or anywhere on the page, reads text as markup.

/**
 * @template {string} K
 * @param {K} tag
 * @param {Record<string, string | number | boolean | undefined | ((event: any) => void)>} [attributes] true: present, false or undefined: absent; a function becomes the listener of what its name says after "on"
 * @param {(Node | string)[]} children
 * @returns {K extends keyof HTMLElementTagNameMap ? HTMLElementTagNameMap[K] : HTMLElement}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (value !== false && value !== undefined) element.setAttribute(name, value === true ? '' : `${value}`);
  }
  element.append(...children);
  return /** @type {any} */ (element);
}

/**
 * Writes text only where it is another, so that nothing is laid out in vain.
 * @param {Element} element
 * @param {string} text
 */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Tells a screen reader, politely. @param {string} text */
export function announce(text) {
  const status = document.getElementById('announcement');
  if (status) say(status, text);
}
