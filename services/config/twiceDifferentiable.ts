/**
 * Which layers of D a penalty can go through. Its gradient is one of a gradient: by `LayerTangent`, which a layer has, or by
 * nothing.
 */
import type { LayerConfig } from './runConfig.ts';

/** Why a layer cannot be in D together with a penalty; undefined where it can. A test holds it against the layers. */
const OBSTACLES: Readonly<Record<LayerConfig['type'], string | undefined>> = {
  dense: undefined,
  maxout: undefined,
  conv: undefined,
  'conv-transpose': undefined,
  'maxout-conv': undefined,
  reshape: undefined,
  upsample: undefined,
  pool: undefined,
  'minibatch-std': undefined,
  'class-embedding': undefined,
  'class-projection': undefined,
  dropout: undefined,
  'batch-norm':
    'it normalises by the other samples, and a penalty is on each sample alone (Gulrajani et al. 2017, section 4)',
};

export function obstacleToPenalty({ type }: LayerConfig): string | undefined {
  return OBSTACLES[type];
}
