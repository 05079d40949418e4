/** A block of the report: a title, and a line for each figure. */

/** Name, figure with its unit, remark. */
export type Line = readonly [name: string, figure: string, remark?: string];

/** Figures end in one column, so that they can be compared at a glance. */
export function block(title: string, lines: readonly Line[]): string {
  const width = (column: 0 | 1) => Math.max(...lines.map((line) => line[column].length));
  const [names, figures] = [width(0), width(1)];
  const text = ([name, figure, remark = '']: Line) =>
    `  ${name.padEnd(names)}  ${figure.padStart(figures)}  ${remark}`.trimEnd();
  return `${[title, ...lines.map(text)].join('\n')}\n`;
}

export function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}
