/** A layer that a format has no words for. */
import { GanglionError } from '../errors/ganglionError.ts';
import type { ResolvedLayer } from '../gan/shapes.ts';

export function inexpressible(
  format: string,
  { index, config }: ResolvedLayer,
  what: string,
  remedy: string,
): GanglionError {
  return new GanglionError({
    code: 'invalid-argument',
    message: `generator.layers[${index}] is ${config.type}${what}, which ${format} cannot express.`,
    remedy,
  });
}
