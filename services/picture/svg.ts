/** SVG as text: elements whose attributes and words are escaped. */

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** Fonts of the pictures: the first ships with Ganglion, so that a PNG looks the same on every machine. */
export const FONT_FAMILY = 'DejaVu Sans';

export interface Drawing {
  readonly width: number;
  readonly height: number;
  /** What it is, in a few words; what a screen reader says first. */
  readonly title: string;
  /** What it shows, for who cannot see it. */
  readonly description: string;
  /** Elements. */
  readonly body: readonly string[];
}

/** Attributes that are undefined are left out; numbers are cut to hundredths. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeXml(typeof value === 'number' ? shortNumber(value) : String(value))}"`);
  const inner = children.join('');
  return inner === '' ? `<${name}${written.join('')}/>` : `<${name}${written.join('')}>${inner}</${name}>`;
}

export function text(words: string, attributes: Attributes): string {
  return element('text', attributes, escapeXml(words));
}

/** A whole SVG. @param background a colour, or undefined for none. */
export function svg({ width, height, title, description, body }: Drawing, background?: string): string {
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: 'img',
    'aria-label': `${title}. ${description}`,
    'font-family': `${FONT_FAMILY}, Verdana, sans-serif`,
    'font-size': 12,
  };
  const paper = background === undefined ? [] : [element('rect', { width, height, fill: background })];
  return element('svg', attributes, element('title', {}, escapeXml(title)), ...paper, ...body);
}

/** Text inside an element, or a value inside double quotes. */
export function escapeXml(words: string): string {
  return words.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function shortNumber(value: number): string {
  return String(Math.round(value * 100) / 100);
}
