// Original file: proto/ganglion/v1/run.proto


/**
 * A run to create.
 */
export interface CreateRunRequest {
  /**
   * The run config, as YAML.
   */
  'configYaml'?: (string);
  /**
   * Only validate and resolve; create nothing.
   */
  'dryRun'?: (boolean);
}

/**
 * A run to create.
 */
export interface CreateRunRequest__Output {
  /**
   * The run config, as YAML.
   */
  'configYaml': (string);
  /**
   * Only validate and resolve; create nothing.
   */
  'dryRun': (boolean);
}
