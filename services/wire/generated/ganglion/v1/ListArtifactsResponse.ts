// Original file: proto/ganglion/v1/run.proto

import type { Artifact as _ganglion_v1_Artifact, Artifact__Output as _ganglion_v1_Artifact__Output } from '../../ganglion/v1/Artifact.ts';

/**
 * The files of a run folder.
 */
export interface ListArtifactsResponse {
  /**
   * By name.
   */
  'artifacts'?: (_ganglion_v1_Artifact)[];
}

/**
 * The files of a run folder.
 */
export interface ListArtifactsResponse__Output {
  /**
   * By name.
   */
  'artifacts': (_ganglion_v1_Artifact__Output)[];
}
