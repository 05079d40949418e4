/** What D may end in: one linear unit, its logit. */
import type { LayerConfig } from './runConfig.ts';

export function isLogit(layer: LayerConfig): boolean {
  if (layer.type === 'class-projection') return true;
  return layer.type === 'dense' && layer.units === 1 && layer.activation === 'linear';
}
