/** What a run keeps of G's samples where they are no images: the picture of the points, and the points themselves. */
import { PAPER } from './palette.ts';
import { type PointsPicture, pointsPicture } from './points.ts';
import { svgToPng } from './raster.ts';
import { svg } from './svg.ts';

export { encodeNpy } from './npy.ts';

export function pointsPng(picture: PointsPicture): Buffer {
  return svgToPng(svg(pointsPicture(picture, PAPER), PAPER.paper));
}
