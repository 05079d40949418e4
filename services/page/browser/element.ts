/** DOM elements in one expression. Words become text, never markup, so nothing needs to be escaped. */

type Child = Node | string | number;

export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string | number | boolean | undefined>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  write(made, attributes);
  made.append(...children.map(asNode));
  return made;
}

export function svgElement(
  tag: string,
  attributes: Readonly<Record<string, string | number | undefined>> = {},
  ...children: readonly Child[]
): SVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  write(made, attributes);
  made.append(...children.map(asNode));
  return made;
}

/** Replaces the words of an element where they are others: what a screen reader has read stays as it is. */
export function say(where: Element, words: string): void {
  if (where.textContent !== words) where.textContent = words;
}

/** True sets an attribute without a value; false and undefined leave it out. */
function write(made: Element, attributes: Readonly<Record<string, string | number | boolean | undefined>>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(name, value === true ? '' : String(value));
  }
}

function asNode(child: Child): Node | string {
  return typeof child === 'number' ? String(child) : child;
}
