/** IDX files of unsigned bytes, made by hand. */

/** A whole file of these dimensions with values 0, 1, 2, …. */
export function idxFile(dimensions: readonly number[]): Uint8Array {
  const header = Buffer.alloc(4 + 4 * dimensions.length);
  header[2] = 0x08;
  header[3] = dimensions.length;
  for (const [i, size] of dimensions.entries()) header.writeUInt32BE(size, 4 + 4 * i);
  const valueCount = dimensions.reduce((product, size) => product * size, 1);
  const values = Uint8Array.from({ length: valueCount }, (_, i) => i % 256);
  return new Uint8Array(Buffer.concat([header, values]));
}
