/** A network: layers in order, forward and backward. Owns no tensor; call it inside a tidy. */
import type { Tensor, Tensor2D } from '@tensorflow/tfjs';
import type { NetworkName } from '../config/runConfig.ts';
import { must } from '../errors/invariant.ts';
import { createLayer } from './createLayer.ts';
import type { Kernels, Tf, Variable } from './kernels.ts';
import type { Layer, LayerGradient, LayerTangent, Pass, Trace, Wanted } from './layer.ts';
import { isParameterless, type ResolvedLayer } from './shapes.ts';
import type { Synchronised } from './synchronised.ts';

export interface Network {
  /** One trace a layer; the last one's output is the network's. See `Layer.forward`. */
  forward(input: Tensor2D, pass: Pass | undefined, labels?: Tensor2D): Synchronised<readonly Trace[]>;
  /** `parameters` in the canonical order of the flat gradient. */
  backward(traces: readonly Trace[], dOutput: Tensor2D, wanted: Wanted): Synchronised<LayerGradient>;
  /** The gradient by each layer's input, the network's own first; then `dOutput`. */
  inputGradients(traces: readonly Trace[], dOutput: Tensor2D): readonly Tensor2D[];
  /**
   * How `backward`'s parameter gradients for a `dOutput` that stands still move when the input moves so. Only of a network
   * whose layers all have a tangent. @param gradients as `inputGradients` gives them.
   */
  moved(traces: readonly Trace[], gradients: readonly Tensor2D[], inputTangent: Tensor2D): readonly Tensor[];
  /** Samples as its first layer takes them, as they are or packed; and back. */
  pack(samples: Tensor2D): Tensor2D;
  unpack(packs: Tensor2D): Tensor2D;
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
  /** Below it nothing is trained. */
  const lowest = layers.findIndex(({ config }) => !isParameterless(config));
  return {
    *forward(input, pass, labels) {
      const traces: Trace[] = [];
      let value = input;
      for (const layer of stack) {
        const { synchronised } = layer;
        const trace =
          synchronised && pass ? yield* synchronised.forward(value, pass) : layer.forward(value, pass, labels);
        traces.push(trace);
        value = trace.output;
      }
      return traces;
    },
    *backward(traces, dOutput, wanted) {
      const parameters: (readonly Tensor[])[] = [];
      let gradient: Tensor2D | undefined = dOutput;
      const last = wanted.input ? 0 : lowest;
      for (let index = stack.length - 1; index >= last; index -= 1) {
        const [layer, trace] = [must(stack[index], 'layer'), must(traces[index], 'trace')];
        const above = must(gradient, 'gradient');
        // Each input gradient feeds the layer below; the last one's is for whoever wants it.
        const own = { input: index > last || wanted.input, parameters: wanted.parameters };
        const step: LayerGradient = layer.synchronised
          ? yield* layer.synchronised.backward(trace, above, own)
          : layer.backward(trace, above, own);
        parameters.unshift(step.parameters);
        gradient = step.input;
      }
      return { input: wanted.input ? gradient : undefined, parameters: parameters.flat() };
    },
    inputGradients: (traces, dOutput) => {
      const gradients = [dOutput];
      for (let index = stack.length - 1; index >= 0; index -= 1) {
        const [layer, trace] = [must(stack[index], 'layer'), must(traces[index], 'trace')];
        const { input } = layer.backward(trace, must(gradients[0], 'gradient'), { input: true, parameters: false });
        gradients.unshift(must(input, 'gradient'));
      }
      return gradients;
    },
    moved: (traces, gradients, inputTangent) => {
      const inputs: Tensor2D[] = [inputTangent];
      for (const [index, layer] of stack.entries()) {
        inputs.push(tangentOf(layer).forward(must(traces[index], 'trace'), must(inputs[index], 'tangent')));
      }
      const parameters: (readonly Tensor[])[] = [];
      let moved: Tensor2D | undefined;
      for (let index = stack.length - 1; index >= lowest; index -= 1) {
        const [layer, trace] = [must(stack[index], 'layer'), must(traces[index], 'trace')];
        const wanted = { input: index > lowest, parameters: true };
        const moves = {
          input: must(inputs[index], 'tangent'),
          output: must(inputs[index + 1], 'tangent'),
          dOutput: moved,
        };
        const step = tangentOf(layer).backward(trace, must(gradients[index + 1], 'gradient'), moves, wanted);
        parameters.unshift(step.parameters);
        moved = step.input;
      }
      return parameters.flat();
    },
    pack: (samples) => samples,
    unpack: (packs) => packs,
    moments: (traces) => stack.flatMap((layer, index) => layer.moments?.(must(traces[index], 'trace')) ?? []),
  };
}

function tangentOf({ tangent }: Layer): LayerTangent {
  return must(tangent, 'layer whose samples are apart');
}

/** The network's output. */
export function outputOf(traces: readonly Trace[]): Tensor2D {
  return must(traces.at(-1), 'the last trace').output;
}

/** The same pass for one of its stacked batches: `count` samples, from sample `first` on. */
export function sliceTraces(tf: Tf, traces: readonly Trace[], first: number, count: number): readonly Trace[] {
  return traces.map(({ input, output, selection, statistics }) => ({
    input: tf.slice(input, [first, 0], [count, -1]),
    output: tf.slice(output, [first, 0], [count, -1]),
    selection: selection === undefined ? undefined : tf.slice(selection, [first], [count]),
    groups: 1,
    statistics: statistics && tf.slice(statistics, [0, first / count], [-1, 1]),
  }));
}
