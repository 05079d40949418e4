/**
 * A table of numbers as a data set. It is held in memory as float32, which takes less room than its text; larger tables
 * belong in a .npy file.
 */
import type { CsvData } from '../config/dataSchema.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import { must } from '../errors/invariant.ts';
import { cellsOf } from './csvLine.ts';
import type { SampleSource } from './source.ts';
import { type TextLine, textLines } from './textLines.ts';

/** Values in all: 4 GiB of float32. */
const VALUES_MAX = 2 ** 30;
/** What a label has room for on the wire. */
const CLASSES_MAX = 65_536;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Throws `dataset`, naming line and column, for anything that is no table of finite numbers. */
export function csvSource(data: CsvData): SampleSource {
  const table = new Table(data);
  for (const line of textLines(data.path)) if (line.text.trim() !== '') table.add(line);
  const { values, size, width, labelCells } = table.finish();
  const classOf = data.labels ? classesOf(labelCells, data.path) : undefined;
  return {
    ...{ name: data.dataset, size, shape: [width], type: 'float32', classes: classOf?.size ?? 0 },
    read(index, into, offset) {
      const view = new DataView(into.buffer, into.byteOffset, into.byteLength);
      for (let i = 0; i < width; i++) view.setFloat32(offset + 4 * i, values[index * width + i] as number, true);
    },
    label: (index) => must(classOf?.get(labelCells[index] ?? ''), 'label'),
  };
}

/** Grows line by line. */
class Table {
  readonly #data: CsvData;
  #values = new Float32Array(1024);
  #size = 0;
  #valueCount = 0;
  readonly #labelCells: string[] = [];
  /** Of the first line. */
  #columns: { names: readonly string[]; line: number; label: number | undefined } | undefined;

  constructor(data: CsvData) {
    this.#data = data;
  }

  add(line: TextLine): void {
    const cells = cellsOf(line.text, this.#data.separator);
    if (this.#columns === undefined) {
      const isHeader = this.#data.header ?? !cells.some((cell) => NUMBER.test(cell));
      const names = isHeader ? cells : cells.map((_, column) => String(column));
      this.#columns = { names, line: line.number, label: this.#labelColumn(names, isHeader) };
      if (isHeader) return;
    }
    const { names, label, line: first } = this.#columns;
    if (cells.length !== names.length) {
      throw this.#broken(`line ${line.number} has ${cells.length} cells; line ${first} has ${names.length}`);
    }
    for (const [column, cell] of cells.entries()) {
      if (column === label) this.#labelCells.push(cell);
      else this.#push(cell, line.number, column, names[column] ?? '');
    }
    this.#size += 1;
  }

  finish() {
    if (this.#size === 0 || this.#valueCount === 0) throw this.#broken('it has no line of numbers');
    const values = this.#values.subarray(0, this.#valueCount);
    return { values, size: this.#size, width: this.#valueCount / this.#size, labelCells: this.#labelCells };
  }

  #push(cell: string, line: number, column: number, name: string): void {
    const value = NUMBER.test(cell) ? Math.fround(Number(cell)) : Number.NaN;
    if (!Number.isFinite(value)) {
      const title = name === String(column) ? '' : ` (${name})`;
      throw this.#broken(
        `line ${line}, column ${column + 1}${title}: found ${JSON.stringify(cell.slice(0, 60))}; allowed: a number that a float32 holds`,
      );
    }
    if (this.#valueCount === VALUES_MAX)
      throw this.#broken(`line ${line} is beyond ${VALUES_MAX} values: save it as .npy`);
    if (this.#valueCount === this.#values.length) {
      const larger = new Float32Array(2 * this.#valueCount);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#valueCount] = value;
    this.#valueCount += 1;
  }

  #labelColumn(names: readonly string[], isHeader: boolean): number | undefined {
    const { labelColumn } = this.#data;
    if (labelColumn === undefined) return undefined;
    const column = typeof labelColumn === 'number' ? labelColumn : names.indexOf(labelColumn);
    if (column >= 0 && column < names.length && (isHeader || typeof labelColumn === 'number')) return column;
    const allowed = isHeader ? `${names.join(', ')}, or ` : '';
    throw this.#broken(
      `data.labelColumn is ${JSON.stringify(labelColumn)}; allowed: ${allowed}0 to ${names.length - 1}`,
    );
  }

  #broken(what: string): GanglionError {
    return new GanglionError({
      code: 'dataset',
      message: `${this.#data.path} is no table of numbers: ${what}.`,
      remedy: 'Mend the file, or data.separator, data.header and data.labelColumn.',
    });
  }
}

/** Distinct labels in their order: by number where all are numbers, else as texts. */
function classesOf(cells: readonly string[], path: string): ReadonlyMap<string, number> {
  const distinct = [...new Set(cells)];
  const numbers = distinct.every((cell) => NUMBER.test(cell));
  const sorted = numbers ? distinct.sort((a, b) => Number(a) - Number(b)) : distinct.sort((a, b) => (a < b ? -1 : 1));
  if (sorted.length <= CLASSES_MAX) return new Map(sorted.map((cell, index) => [cell, index]));
  throw new GanglionError({
    code: 'dataset',
    message: `${path} has ${sorted.length} different labels; at most ${CLASSES_MAX} are allowed.`,
    remedy: 'Choose another data.labelColumn.',
  });
}
