// Elements, and how a page becomes the next one: nodes that stay the same stay in place, so that focus, scroll positions
// and a screen reader's place survive each new picture. Text is only ever text: nothing here reads markup.

const SVG = 'http://www.w3.org/2000/svg';

/** An HTML element; attributes that are false or undefined are left out. */
export function h(tag, attributes, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** An SVG element. */
export function s(tag, attributes, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value !== false && value !== undefined) element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== false));
  return element;
}

/** Makes `now` equal to `next`, which is used up. Children with `data-key` are found again wherever they are. */
export function morph(now, next) {
  if (now.nodeName !== next.nodeName) {
    now.replaceWith(next);
    return;
  }
  if (now.nodeType === Node.TEXT_NODE) {
    if (now.data !== next.data) now.data = next.data;
    return;
  }
  for (const { name } of [...now.attributes]) if (!next.hasAttribute(name)) now.removeAttribute(name);
  for (const { name, value } of next.attributes) if (now.getAttribute(name) !== value) now.setAttribute(name, value);
  morphChildren(now, next);
}

function morphChildren(now, next) {
  const keyed = new Map([...now.children].filter(keyOf).map((child) => [keyOf(child), child]));
  let at = now.firstChild;
  for (const wanted of [...next.childNodes]) {
    const found = keyOf(wanted) ? keyed.get(keyOf(wanted)) : at && !keyOf(at) ? at : undefined;
    if (found?.nodeName !== wanted.nodeName) {
      now.insertBefore(wanted, at);
    } else {
      if (found === at) at = at.nextSibling;
      else now.insertBefore(found, at);
      morph(found, wanted);
    }
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}

const keyOf = (node) => node.dataset?.key;
