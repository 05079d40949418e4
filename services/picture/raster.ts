/** SVG to pixels by resvg, with the font that ships with Ganglion and no other: the same PNG on every machine. */
import { createRequire } from 'node:module';
import { Resvg } from '@resvg/resvg-js';
import { FONT_FAMILY } from './svg.ts';

/** Pixels of the PNG per unit of the SVG: sharp on dense screens and in print. */
const SCALE = 2;

export interface Raster {
  readonly width: number;
  readonly height: number;
  /** RGBA, row by row. */
  readonly pixels: Buffer;
}

export function svgToPng(drawing: string, scale = SCALE): Buffer {
  return render(drawing, scale).asPng();
}

export function svgToPixels(drawing: string, scale = SCALE): Raster {
  const { width, height, pixels } = render(drawing, scale);
  return { width, height, pixels };
}

function render(drawing: string, scale: number) {
  const { resolve } = createRequire(import.meta.url);
  const faces = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf', 'DejaVuSans-Oblique.ttf'];
  return new Resvg(drawing, {
    fitTo: { mode: 'zoom', value: scale },
    font: {
      loadSystemFonts: false,
      fontFiles: faces.map((face) => resolve(`dejavu-fonts-ttf/ttf/${face}`)),
      defaultFontFamily: FONT_FAMILY,
      sansSerifFamily: FONT_FAMILY,
    },
  }).render();
}
