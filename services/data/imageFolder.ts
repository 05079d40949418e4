/**
 * A folder of PNG and JPEG files as a data set. Sub-folders are the classes, in the order of their names; images lie in them
 * at any depth. Where there is a folder `train`, the folders train, valid and test are the splits.
 *
 * Images are decoded when they are first read, and kept, resized, while there is room: an epoch reads each of them once
 * in random order, so that throwing out what was not read for long would keep nothing that is read again.
 */
import { type Dirent, existsSync, readdirSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { ImageFolderData } from '../config/dataSchema.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import { must } from '../errors/invariant.ts';
import { unreadable } from './brokenFile.ts';
import { readImage } from './imageFile.ts';
import { ownSplit } from './ownSplits.ts';
import { squareOf } from './resize.ts';
import type { SampleSource, Split } from './source.ts';

const EXTENSIONS = ['.png', '.jpg', '.jpeg'];
const KEPT_BYTES_MAX = 512 * 1024 ** 2;
const DEPTH_MAX = 8;
/** What a label has room for on the wire. */
const CLASSES_MAX = 65_536;

/** Throws `dataset`: for a folder without images at once, for a broken image when it is read. */
export function imageFolderSource(data: ImageFolderData, split: Split): SampleSource {
  const { path, holdOut } = data;
  if (!existsSync(join(path, 'train'))) return ownSplit(folderSource(path, data), data, split);
  if (holdOut.valid === 0 && holdOut.test === 0) return folderSource(join(path, split), data, join(path, 'train'));
  throw new GanglionError({
    code: 'dataset',
    message: `${path} has a folder train, so its folders are the splits; data.holdOut asks for others.`,
    remedy: 'Leave data.holdOut out, or move the images out of the folder train.',
  });
}

/** @param classFolder whose sub-folders number the classes: a split that lacks one has the others' numbers all the same. */
function folderSource(folder: string, data: ImageFolderData, classFolder = folder): SampleSource {
  const { dataset: name, size: side, channels, labels } = data;
  const images = imagesIn(folder);
  const classes = labels ? classesOf(classFolder, folder === classFolder ? images : imagesIn(classFolder)) : undefined;
  const foreign = classes && images.find((image) => !classes.has(classNameOf(image)));
  if (foreign !== undefined) throw foreignClass(join(folder, foreign), classFolder);
  const kept = new Map<number, Uint8Array>();
  const sampleBytes = side * side * channels;
  const load = (index: number) => squareOf(readImage(join(folder, must(images[index], 'image')), channels), side);
  return {
    ...{ name, size: images.length, shape: [side, side, channels], type: 'uint8', classes: classes?.size ?? 0 },
    read(index, into, offset) {
      const values = kept.get(index) ?? load(index);
      if ((kept.size + 1) * sampleBytes <= KEPT_BYTES_MAX) kept.set(index, values);
      into.set(values, offset);
    },
    label: (index) => must(classes?.get(classNameOf(must(images[index], 'image'))), 'class'),
  };
}

function foreignClass(image: string, classFolder: string): GanglionError {
  return new GanglionError({
    code: 'dataset',
    message: `${image} is of a class that ${classFolder} has not.`,
    remedy: 'Put images of that class into the training folder too, or set data.labels to false.',
  });
}

/** Paths below `folder`, with `/`, in order. */
function imagesIn(folder: string): readonly string[] {
  const images = walk(folder, '', 0).sort((a, b) => (a < b ? -1 : 1));
  if (images.length > 0) return images;
  throw new GanglionError({
    code: 'dataset',
    message: `There is no image (${EXTENSIONS.join(', ')}) in ${folder}.`,
    remedy: 'Name a folder of images with data.path.',
  });
}

function walk(folder: string, below: string, depth: number): string[] {
  return entriesOf(join(folder, below)).flatMap((entry) => {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) return depth < DEPTH_MAX ? walk(folder, path, depth + 1) : [];
    if (!EXTENSIONS.includes(extname(entry.name).toLowerCase())) return [];
    // A link to an image is one; a link to a folder could lead in a circle.
    return entry.isFile() || isFile(join(folder, path)) ? [path] : [];
  });
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch (error) {
    throw unreadable(path, error);
  }
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw unreadable(folder, error);
  }
}

function classNameOf(image: string): string {
  return image.split('/')[0] ?? '';
}

function classesOf(folder: string, images: readonly string[]): ReadonlyMap<string, number> {
  const stray = images.find((image) => !image.includes('/'));
  const names = entriesOf(folder)
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort((a, b) => (a < b ? -1 : 1));
  const used = new Set(images.map(classNameOf));
  const empty = names.find((name) => !used.has(name));
  const problem =
    stray !== undefined
      ? `${stray} lies in none of the sub-folders`
      : empty !== undefined
        ? `the sub-folder ${empty} has no image`
        : names.length > CLASSES_MAX
          ? `${names.length} sub-folders are more than ${CLASSES_MAX}`
          : undefined;
  if (problem === undefined) return new Map(names.map((name, index) => [name, index]));
  throw new GanglionError({
    code: 'dataset',
    message: `${folder}: the sub-folders are the classes, but ${problem}.`,
    remedy: 'Put every image into the folder of its class, or set data.labels to false.',
  });
}
