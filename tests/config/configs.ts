/** A small valid run config as a person would write it. */
export const SMALL_YAML = `
phases: 100
workers: 2
generator:
  layers:
    - { type: dense, units: 8, activation: relu }
    - { type: dense, units: 784, activation: sigmoid }
discriminator:
  layers:
    - { type: maxout, units: 4, pieces: 2 }
    - { type: dropout, keep: 0.5 }
    - { type: dense, units: 1 }
optimizer:
  generator: { type: adam, learningRate: 0.001 }
  discriminator: { type: sgd, learningRate: 0.1 }
`;
