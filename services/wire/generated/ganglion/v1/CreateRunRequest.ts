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
  /**
   * The id that the run gets. Where a run has it already, that one is the answer if its config is the same, else
   * ALREADY_EXISTS. Empty: the config's name and the next free number.
   */
  'runId'?: (string);
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
  /**
   * The id that the run gets. Where a run has it already, that one is the answer if its config is the same, else
   * ALREADY_EXISTS. Empty: the config's name and the next free number.
   */
  'runId': (string);
}
