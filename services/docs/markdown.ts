/** The little of Markdown that generated pages need. */

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  return [line(head), line(head.map(() => '---')), ...rows.map((row) => line(row.map(cell)))];
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ');
}

export function bullets(lines: readonly string[]): string[] {
  return lines.map((text) => `- ${text}`);
}

export function numbered(lines: readonly string[]): string[] {
  return lines.map((text, index) => `${index + 1}. ${text}`);
}
