/** A network: layers in order, forward and backward. Owns no tensor; call it inside a tidy. */
import type { Tensor, Tensor2D } from '@tensorflow/tfjs';
import type { NetworkName } from '../config/runConfig.ts';
import { must } from '../errors/invariant.ts';
import { batchNormLayer } from './batchNorm.ts';
import { convLayer } from './conv.ts';
import { denseLayer } from './dense.ts';
import { dropoutLayer } from './dropout.ts';
import type { Kernels, Tf, Variable } from './kernels.ts';
import type { Layer, LayerGradient, Pass, Trace, Wanted } from './layer.ts';
import { runningName } from './layout.ts';
import { maxoutLayer } from './maxout.ts';
import type { ResolvedLayer } from './shapes.ts';

export interface Network {
  /** One trace a layer; the last one's output is the network's. */
  forward(input: Tensor2D, pass: Pass | undefined): readonly Trace[];
  /** `parameters` in the canonical order of the flat gradient. */
  backward(traces: readonly Trace[], dOutput: Tensor2D, wanted: Wanted): LayerGradient;
  /** Of the pass, in the order of `runningShapes`. */
  moments(traces: readonly Trace[]): readonly Tensor[];
}

/** @param variable the variable of a parameter, by its canonical name. */
export function createNetwork(
  tf: Tf,
  kernels: Kernels,
  name: NetworkName,
  layers: readonly ResolvedLayer[],
  variable: (name: string) => Variable,
): Network {
  const stack = layers.map((layer) => createLayer(tf, kernels, name, layer, variable));
  return {
    forward: (input, pass) => {
      const traces: Trace[] = [];
      let value = input;
      for (const layer of stack) {
        const trace = layer.forward(value, pass);
        traces.push(trace);
        value = trace.output;
      }
      return traces;
    },
    backward: (traces, dOutput, wanted) => {
      const parameters: (readonly Tensor[])[] = [];
      let gradient: Tensor2D | undefined = dOutput;
      for (let index = stack.length - 1; index >= 0; index -= 1) {
        // Only the first layer's input gradient may be unwanted: the others feed the layer below.
        const step: LayerGradient = must(stack[index], 'layer').backward(
          must(traces[index], 'trace'),
          must(gradient, 'gradient'),
          { input: index > 0 || wanted.input, parameters: wanted.parameters },
        );
        parameters.unshift(step.parameters);
        gradient = step.input;
      }
      return { input: gradient, parameters: parameters.flat() };
    },
    moments: (traces) => stack.flatMap((layer, index) => layer.moments?.(must(traces[index], 'trace')) ?? []),
  };
}

/** The network's output. */
export function outputOf(traces: readonly Trace[]): Tensor2D {
  return must(traces.at(-1), 'the last trace').output;
}

/** The same pass for one of its stacked batches: `count` samples, from sample `first` on. */
export function sliceTraces(tf: Tf, traces: readonly Trace[], first: number, count: number): readonly Trace[] {
  return traces.map(({ input, output, selection }) => ({
    input: tf.slice(input, [first, 0], [count, -1]),
    output: tf.slice(output, [first, 0], [count, -1]),
    selection: selection === undefined ? undefined : tf.slice(selection, [first], [count]),
    groups: 1,
  }));
}

function createLayer(
  tf: Tf,
  kernels: Kernels,
  network: NetworkName,
  layer: ResolvedLayer,
  variable: (name: string) => Variable,
): Layer {
  const { config, index } = layer;
  if (config.type === 'dropout') return dropoutLayer(tf, index);
  if (config.type === 'reshape') return RESHAPE;
  const parameters = {
    weight: variable(`${network}.${index}.weight`),
    bias: variable(`${network}.${index}.bias`),
  };
  switch (config.type) {
    case 'maxout':
      return maxoutLayer(tf, kernels, parameters, config);
    case 'dense':
      return denseLayer(kernels, parameters, config.activation);
    case 'batch-norm': {
      const running = {
        mean: variable(runningName(network, index, 'mean')),
        variance: variable(runningName(network, index, 'variance')),
      };
      return batchNormLayer(tf, kernels, parameters, running, config, must(layer.inputShape.at(-1), 'channels'));
    }
    case 'conv':
    case 'conv-transpose':
      return convLayer(tf, kernels, parameters, config, layer);
  }
}

/** Values keep their order: only the layer above sees another shape. */
const RESHAPE: Layer = {
  forward: (input, pass) => ({ input, output: input, selection: undefined, groups: pass?.groups ?? 1 }),
  backward: (_trace, dOutput, wanted) => ({ input: wanted.input ? dOutput : undefined, parameters: [] }),
};
