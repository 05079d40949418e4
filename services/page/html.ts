/** HTML as text that is safe by construction: what is not markup already is escaped. */
import { escapeXml } from '../picture/svg.ts';

/** Markup: made by `html` or `raw`, never by hand. */
export interface Html {
  readonly markup: string;
}

type Piece = Html | string | number | readonly Html[];

/** html`<p>${words}</p>`: words are escaped, markup stays. */
export function html(pieces: TemplateStringsArray, ...values: readonly Piece[]): Html {
  return { markup: pieces.map((piece, i) => piece + (i < values.length ? markupOf(values[i] ?? '') : '')).join('') };
}

/** Markup of our own that is whole already, such as an SVG. */
export function raw(markup: string): Html {
  return { markup };
}

function markupOf(value: Piece): string {
  if (typeof value === 'string' || typeof value === 'number') return escapeXml(String(value));
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('\n');
}

/** A table with a caption; the first cell of a row names it. */
export function table(
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly (Html | string)[])[],
): Html {
  return html`<div class="scroll"><table>
<caption>${caption}</caption>
<thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>${rows.map(([name = '', ...cells]) => html`<tr><th scope="row">${name}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody>
</table></div>`;
}
