/** Points out of a .npy file as a run folder has them: float32, little-endian, [count, 2]. Pure. */
export interface Points {
  /** x, y, x, y, … */
  readonly values: Float32Array;
  readonly count: number;
}

const MAGIC = '\x93NUMPY\x01\x00';

/** Undefined for another file. */
export function npyPoints(bytes: ArrayBuffer): Points | undefined {
  if (bytes.byteLength < 10) return undefined;
  const view = new DataView(bytes);
  const text = (from: number, to: number) => String.fromCharCode(...new Uint8Array(bytes.slice(from, to)));
  const begin = 10 + view.getUint16(8, true);
  const shape = /'descr': '<f4'.*'shape': \((\d+), 2\)/.exec(text(10, begin));
  const count = Number(shape?.[1] ?? Number.NaN);
  if (text(0, 8) !== MAGIC || bytes.byteLength !== begin + 8 * count) return undefined;
  const values = Float32Array.from({ length: 2 * count }, (_, i) => view.getFloat32(begin + 4 * i, true));
  return { values, count };
}
