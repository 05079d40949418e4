/**
 * Proves that a folder of PNG and JPEG files is a data set: classes from its folders, pixels as other decoders see them,
 * splits from its folders, and every broken file named with the byte and the reason.
 */
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { readImage } from '../../services/data/imageFile.ts';
import { openSource, type Split } from '../../services/data/source.ts';
import { dataOf } from './dataOf.ts';
import { BASELINE, GREY, JPEG_PLACES, JPEG_SIZE, PROGRESSIVE } from './jpegFiles.ts';
import { sampleOf } from './samples.ts';
import { temporaryFolder } from './temporaryFolder.ts';

const folder = temporaryFolder();

/** A PNG of one colour. */
function png(size: number, rgba: readonly number[]): Buffer {
  const image = new PNG({ width: size, height: size });
  image.data = Buffer.from(Array.from({ length: size * size }, () => rgba).flat());
  return PNG.sync.write(image);
}
const RED = png(4, [255, 0, 0, 255]);
const open = (name: string, more: object = {}, split: Split = 'train') =>
  openSource(dataOf({ dataset: 'image-folder', path: join(folder.path, name), size: 2, ...more }), split);

describe('an image folder', () => {
  folder.write('pets/dog/b.png', png(4, [0, 0, 255, 255]));
  folder.write('pets/dog/deep/a.PNG', png(8, [0, 255, 0, 255]));
  folder.write('pets/cat/z.png', RED);
  folder.write('pets/cat/notes.txt', 'not an image');

  it('has its images in the order of their paths, and its sub-folders as classes', () => {
    const source = open('pets', { labels: true });
    expect(source).toMatchObject({ name: 'image-folder', size: 3, shape: [2, 2, 3], type: 'uint8', classes: 2 });
    expect([0, 1, 2].map((index) => [...sampleOf(source, index).subarray(0, 3)])).toEqual([
      [255, 0, 0],
      [0, 0, 255],
      [0, 255, 0],
    ]);
    expect([0, 1, 2].map((index) => source.label(index))).toEqual([0, 1, 1]);
  });

  it('gives the same bytes when it is read again', () => {
    const source = open('pets');
    expect(sampleOf(source, 1)).toEqual(sampleOf(source, 1));
  });

  it('is grey where one channel is asked for (Rec. 601), and black where an image is transparent', () => {
    const source = open('pets', { channels: 1 });
    expect(source.shape).toEqual([2, 2, 1]);
    expect([0, 1, 2].map((index) => sampleOf(source, index)[0])).toEqual([76, 29, 150]);
    folder.write('glass/x.png', png(4, [200, 100, 50, 51]));
    expect([...sampleOf(open('glass'), 0).subarray(0, 3)]).toEqual([40, 20, 10]);
  });

  it('has its own splits where it has a folder `train`', () => {
    folder.write('split/train/one/a.png', RED);
    folder.write('split/test/one/a.png', RED);
    folder.write('split/test/one/b.png', RED);
    expect([open('split').size, open('split', {}, 'test').size]).toEqual([1, 2]);
    expect(() => open('split', {}, 'valid')).toThrow('valid cannot be read: ENOENT');
    expect(() => open('split', { holdOut: { test: 0.5 } })).toThrow(
      'has a folder train, so its folders are the splits',
    );
  });

  it('numbers the classes of every split as those of `train`, and refuses one that is not there', () => {
    folder.write('numbered/train/cat/a.png', RED);
    folder.write('numbered/train/dog/a.png', RED);
    folder.write('numbered/test/dog/a.png', RED);
    const test = open('numbered', { labels: true }, 'test');
    expect([test.classes, test.label(0)]).toEqual([2, 1]);
    folder.write('numbered/valid/fox/a.png', RED);
    expect(() => open('numbered', { labels: true }, 'valid')).toThrow(/fox.a.png is of a class that .*train has not/);
  });

  it('is refused where it is missing, has no image, or images without a class', () => {
    expect(() => open('nowhere')).toThrow('nowhere cannot be read: ENOENT');
    folder.write('empty/readme.md', '');
    expect(() => open('empty')).toThrow('There is no image (.png, .jpg, .jpeg) in');
    folder.write('stray/one/a.png', RED);
    folder.write('stray/b.png', RED);
    expect(open('stray').size).toBe(2);
    expect(() => open('stray', { labels: true })).toThrow('but b.png lies in none of the sub-folders');
    folder.write('hollow/one/a.png', RED);
    folder.write('hollow/two/readme.md', '');
    expect(() => open('hollow', { labels: true })).toThrow('but the sub-folder two has no image');
  });
});

describe('a JPEG file', () => {
  it.each([
    ['baseline', BASELINE, 3],
    ['progressive', PROGRESSIVE, 12],
  ])('that is %s is what libjpeg sees', (name, { bytes, pixels }, steps) => {
    const { width, height, values } = readImage(folder.write(`${name}.jpg`, bytes), 3);
    expect({ width, height }).toEqual(JPEG_SIZE);
    for (const [i, [x, y]] of JPEG_PLACES.entries()) {
      for (let c = 0; c < 3; c++) {
        expect(Math.abs((values[3 * (16 * y + x) + c] ?? -99) - (pixels[i]?.[c] ?? 0))).toBeLessThanOrEqual(steps);
      }
    }
  });

  it('of one component is grey', () => {
    const { values } = readImage(folder.write('grey.jpg', GREY.bytes), 1);
    for (const [i, [x, y]] of JPEG_PLACES.entries()) {
      expect(Math.abs((values[16 * y + x] ?? -99) - (GREY.pixels[i] ?? 0))).toBeLessThanOrEqual(3);
    }
  });
});

describe('a broken image is named, with the byte and the reason:', () => {
  const flipped = (bytes: Buffer, at: number) => Buffer.from(bytes).fill((bytes[at] ?? 0) ^ 1, at, at + 1);
  /** As cameras do: a JPEG in a segment of a JPEG. */
  const withThumbnail = (bytes: Buffer, thumbnail: Buffer) => {
    const segment = Buffer.of(0xff, 0xe1, 0, 0);
    segment.writeUInt16BE(thumbnail.length + 2, 2);
    return Buffer.concat([bytes.subarray(0, 2), segment, thumbnail, bytes.subarray(2)]);
  };
  it.each([
    ['empty', 'x.png', Buffer.alloc(0), 'PNG or JPEG file: at byte 0, its first bytes are missing'],
    ['something else', 'x.png', Buffer.from('GIF89a..'), 'PNG or JPEG file: at byte 0, its first bytes are 47494638'],
    [
      'a PNG cut in a chunk',
      'x.png',
      RED.subarray(0, 50),
      'PNG file: at byte 50, the file is truncated inside chunk "IDAT"',
    ],
    [
      'a PNG without end',
      'x.png',
      RED.subarray(0, RED.length - 12),
      `PNG file: at byte ${RED.length - 12}, the file is truncated: there is no IEND`,
    ],
    ['a PNG of other bytes', 'x.png', flipped(RED, 45), 'PNG file: at byte 33, the checksum of chunk "IDAT" is wrong'],
    [
      'a JPEG cut in its scan',
      'x.jpg',
      BASELINE.bytes.subarray(0, 700),
      'JPEG file: at byte 700, the file is truncated: there is no end marker',
    ],
    [
      'a JPEG with a whole thumbnail, cut in its scan',
      'x.jpg',
      withThumbnail(BASELINE.bytes, GREY.bytes).subarray(0, 1000),
      'JPEG file: at byte 1000, the file is truncated: there is no end marker',
    ],
    [
      'a JPEG cut in its tables',
      'x.jpg',
      BASELINE.bytes.subarray(0, 100),
      'JPEG file: at byte 100, the file is truncated before its scan',
    ],
    [
      'a JPEG with a hole',
      'x.jpg',
      flipped(BASELINE.bytes, 20),
      'JPEG file: at byte 20, a marker is expected, the byte is 0xfe',
    ],
  ])('%s', (_, name, bytes, sentence) => {
    const path = folder.write(`broken/${name}`, bytes);
    expect(() => readImage(path, 3)).toThrow(`${path} is not a whole ${sentence}`);
    expect(() => readImage(path, 3)).toThrow(expect.objectContaining({ code: 'dataset' }));
  });

  it('a PNG that would unpack to more pixels than any training image has', () => {
    const bytes = Buffer.from(RED);
    bytes.writeUInt32BE(100_000, 16);
    bytes.writeUInt32BE(100_000, 20);
    expect(() => readImage(folder.write('bomb.png', bytes), 3)).toThrow(
      '100000 × 100000 pixels are more than 100000000',
    );
  });
});
