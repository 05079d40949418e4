/**
 * A layer of ours as ONNX operators. Values lie as they do with us, channels last: ONNX's image operators want them first, so
 * each is put between two transpositions, which ONNX Runtime takes away where they meet.
 */
import { LEAKY_SLOPE } from '../../gan/kernels.ts';
import {
  type BatchNormConfig,
  type ConvConfig,
  type PoolConfig,
  pooledAlong,
  type ResolvedLayer,
  type Shape,
} from '../../gan/shapes.ts';
import { type ExportedGenerator, type LayerTensor, tensorName } from '../generator.ts';
import { inexpressible } from '../inexpressible.ts';
import { samePadding } from '../samePadding.ts';
import type { OnnxGraph } from './onnxGraph.ts';

/** @param x [n, …inputShape of the layer]. @param label [n]. Returns the name of [n, …outputShape]. */
export function addLayer(graph: OnnxGraph, generator: ExportedGenerator, layer: ResolvedLayer, x: string): string {
  const { config, inputShape, outputShape } = layer;
  const tensor = (what: LayerTensor) => {
    const { shape, values } = generator.tensor(layer, what);
    return graph.floats(tensorName(layer, what), shape, values);
  };
  switch (config.type) {
    case 'dropout':
      return x;
    case 'reshape':
      return reshape(graph, x, config.shape);
    case 'dense':
      return activate(graph, dense(), config.activation);
    case 'maxout':
      return maximum(graph, dense(), outputShape, config.pieces);
    case 'conv':
    case 'conv-transpose':
      return activate(graph, convolve(config), config.activation);
    case 'maxout-conv':
      return maximum(graph, convolve(config), outputShape, config.pieces);
    case 'batch-norm':
      return activate(graph, normalise(config), config.activation);
    case 'class-embedding':
      return graph.add('Concat', [x, graph.add('Gather', [tensor('embedding'), 'label'])], { axis: 1 });
    case 'upsample': {
      const scales = graph.floats(
        `${tensorName(layer, 'weight')}.scales`,
        [4],
        Float32Array.of(1, 1, config.factor, config.factor),
      );
      const nearest = { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' };
      return inChannelsFirst(graph, x, (image) => graph.add('Resize', [image, '', scales], nearest));
    }
    case 'pool':
      return inChannelsFirst(graph, x, (image) => pool(graph, image, config, inputShape));
    case 'minibatch-std':
    case 'class-projection':
      throw inexpressible(
        'ONNX as we write it',
        layer,
        '',
        'Export it as safetensors, and compute the layer yourself.',
      );
  }

  function dense(): string {
    const flat = inputShape.length === 1 ? x : reshape(graph, x, [layer.inputUnits]);
    return graph.add('Gemm', [flat, tensor('weight'), tensor('bias')]);
  }

  function normalise({ epsilon }: BatchNormConfig): string {
    const [variance, gamma] = [generator.tensor(layer, 'running_variance'), generator.tensor(layer, 'weight')];
    const scale = gamma.values.map(
      (value, channel) => value / Math.sqrt((variance.values[channel] as number) + epsilon),
    );
    const centred = graph.add('Sub', [x, tensor('running_mean')]);
    const scaled = graph.add('Mul', [centred, graph.floats(tensorName(layer, 'weight'), gamma.shape, scale)]);
    return graph.add('Add', [scaled, tensor('bias')]);
  }

  function convolve(conv: ConvConfig): string {
    const filter = generator.tensor(layer, 'weight');
    const weight = graph.floats(
      tensorName(layer, 'weight'),
      reversedEnds(filter.shape),
      channelsFirst(filter.values, filter.shape),
    );
    const bias = conv.untiedBias ? [] : [tensor('bias')];
    const z = inChannelsFirst(graph, x, (image) =>
      conv.type === 'conv-transpose'
        ? graph.add('ConvTranspose', [image, weight, ...bias], geometryOf(conv, outputShape, inputShape))
        : graph.add('Conv', [image, weight, ...bias], geometryOf(conv, inputShape, outputShape)),
    );
    if (!conv.untiedBias) return z;
    const [height = 0, width = 0] = outputShape;
    const biases = generator.tensor(layer, 'bias').values;
    const shape = [height, width, biases.length / (height * width)];
    return graph.add('Add', [z, graph.floats(tensorName(layer, 'bias'), shape, biases)]);
  }
}

/** Strides and zeros around the large image; behind it, where the filters of a transposed convolution do not reach. */
function geometryOf(config: ConvConfig, large: Shape, small: Shape) {
  const { kernel, stride, padding } = config;
  const sides = [0, 1].map((axis) => {
    const [long = 0, short = 0] = [large[axis], small[axis]];
    if (padding === 'same')
      return { ...samePadding(long, short, config), gap: Math.max(long - (short - 1) * stride - kernel, 0) };
    const by = padding === 'valid' ? 0 : padding;
    return { before: by, after: by, gap: 0 };
  });
  return {
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    pads: [...sides.map(({ before }) => before), ...sides.map(({ after }) => after)],
    ...(config.type === 'conv-transpose' ? { output_padding: sides.map(({ gap }) => gap) } : {}),
  };
}

function pool(graph: OnnxGraph, image: string, config: PoolConfig, [height = 0, width = 0]: Shape): string {
  const { kind, size, stride = size } = config;
  const sides = [pooledAlong(height, config), pooledAlong(width, config)];
  const pads = [...sides.map(({ before }) => before), ...sides.map(({ after }) => after)];
  const window = { kernel_shape: [size, size], strides: [stride, stride], pads };
  return kind === 'max'
    ? graph.add('MaxPool', [image], window)
    : graph.add('AveragePool', [image], { ...window, count_include_pad: 0 });
}

function maximum(graph: OnnxGraph, z: string, shape: Shape, pieces: number): string {
  const apart = reshape(graph, z, [...shape, pieces]);
  return graph.add('ReduceMax', [apart], { axes: [shape.length + 1], keepdims: 0 });
}

const OPERATORS = { relu: 'Relu', softplus: 'Softplus', sigmoid: 'Sigmoid', tanh: 'Tanh' } as const;

function activate(
  graph: OnnxGraph,
  x: string,
  activation: 'linear' | 'leaky-relu' | 'elu' | keyof typeof OPERATORS,
): string {
  if (activation === 'linear') return x;
  if (activation === 'leaky-relu') return graph.add('LeakyRelu', [x], { alpha: { f: LEAKY_SLOPE } });
  if (activation === 'elu') return graph.add('Elu', [x], { alpha: { f: 1 } });
  return graph.add(OPERATORS[activation], [x]);
}

/** [n, …shape] */
export function reshape(graph: OnnxGraph, x: string, shape: Shape): string {
  return graph.add('Reshape', [x, graph.integers([-1, ...shape])]);
}

function inChannelsFirst(graph: OnnxGraph, x: string, use: (image: string) => string): string {
  const image = graph.add('Transpose', [x], { perm: [0, 3, 1, 2] });
  return graph.add('Transpose', [use(image)], { perm: [0, 2, 3, 1] });
}

/** Of a filter [height, width, a, b]: [b, a, height, width]. */
function reversedEnds([height = 0, width = 0, a = 0, b = 0]: readonly number[]): number[] {
  return [b, a, height, width];
}

function channelsFirst(values: Float32Array, shape: readonly number[]): Float32Array {
  const [height = 0, width = 0, a = 0, b = 0] = shape;
  const places = height * width;
  const out = new Float32Array(values.length);
  for (let place = 0; place < places; place += 1) {
    for (let i = 0; i < a; i += 1) {
      for (let j = 0; j < b; j += 1) out[(j * a + i) * places + place] = values[(place * a + i) * b + j] as number;
    }
  }
  return out;
}
