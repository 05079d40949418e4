// Original file: proto/ganglion/v1/run.proto


/**
 * Means over a phase's global minibatch. A value that the phase does not have is absent.
 */
export interface Statistics {
  /**
   * Mean loss that D minimises.
   */
  'discriminatorLoss'?: (number | string);
  /**
   * Mean loss that G minimises.
   */
  'generatorLoss'?: (number | string);
  /**
   * V(D,G) = E[log D(x)] + E[log(1 − D(G(z)))], equation 1 of the paper.
   */
  'value'?: (number | string);
  /**
   * Mean of D(x).
   */
  'dReal'?: (number | string);
  /**
   * Mean of D(G(z)).
   */
  'dFake'?: (number | string);
  /**
   * Euclidean norm of D's mean gradient.
   */
  'discriminatorGradientNorm'?: (number | string);
  /**
   * Euclidean norm of G's mean gradient.
   */
  'generatorGradientNorm'?: (number | string);
  /**
   * Mean of what D pays for its steepness beside its loss, before the factor of a lazy interval.
   */
  'penalty'?: (number | string);
  /**
   * ‖average − weights‖ / ‖weights‖ of G's weights, where the config has a moving average.
   */
  'emaGap'?: (number | string);
  '_discriminatorLoss'?: "discriminatorLoss";
  '_generatorLoss'?: "generatorLoss";
  '_value'?: "value";
  '_dReal'?: "dReal";
  '_dFake'?: "dFake";
  '_discriminatorGradientNorm'?: "discriminatorGradientNorm";
  '_generatorGradientNorm'?: "generatorGradientNorm";
  '_penalty'?: "penalty";
  '_emaGap'?: "emaGap";
}

/**
 * Means over a phase's global minibatch. A value that the phase does not have is absent.
 */
export interface Statistics__Output {
  /**
   * Mean loss that D minimises.
   */
  'discriminatorLoss'?: (number);
  /**
   * Mean loss that G minimises.
   */
  'generatorLoss'?: (number);
  /**
   * V(D,G) = E[log D(x)] + E[log(1 − D(G(z)))], equation 1 of the paper.
   */
  'value'?: (number);
  /**
   * Mean of D(x).
   */
  'dReal'?: (number);
  /**
   * Mean of D(G(z)).
   */
  'dFake'?: (number);
  /**
   * Euclidean norm of D's mean gradient.
   */
  'discriminatorGradientNorm'?: (number);
  /**
   * Euclidean norm of G's mean gradient.
   */
  'generatorGradientNorm'?: (number);
  /**
   * Mean of what D pays for its steepness beside its loss, before the factor of a lazy interval.
   */
  'penalty'?: (number);
  /**
   * ‖average − weights‖ / ‖weights‖ of G's weights, where the config has a moving average.
   */
  'emaGap'?: (number);
  '_discriminatorLoss'?: "discriminatorLoss";
  '_generatorLoss'?: "generatorLoss";
  '_value'?: "value";
  '_dReal'?: "dReal";
  '_dFake'?: "dFake";
  '_discriminatorGradientNorm'?: "discriminatorGradientNorm";
  '_generatorGradientNorm'?: "generatorGradientNorm";
  '_penalty'?: "penalty";
  '_emaGap'?: "emaGap";
}
