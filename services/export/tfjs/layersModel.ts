/**
 * A trained G as a LayersModel of TensorFlow.js, made of Keras's layers: `tf.loadLayersModel` needs nothing of ours. Where Keras
 * has no layer of a kind, two or three of its own do the same: a maximum over pieces is a pooling, a bias for each value a
 * normalisation that normalises nothing.
 */
import type { LayersModel, SymbolicTensor, Tensor } from '@tensorflow/tfjs';
import { must } from '../../errors/invariant.ts';
import { LEAKY_SLOPE, type Tf } from '../../gan/kernels.ts';
import { type ConvConfig, type PoolConfig, type ResolvedLayer, type Shape, valuesIn } from '../../gan/shapes.ts';
import type { ExportedGenerator, LayerTensor } from '../generator.ts';
import { inexpressible } from '../inexpressible.ts';

type Activation = 'linear' | 'relu' | 'leaky-relu' | 'elu' | 'softplus' | 'sigmoid' | 'tanh';

/** Inputs: `latent` [n, size], and `label` [n, 1] where G is told a class. Output: [n, …shape of a sample]. */
export function layersModelOf(tf: Tf, generator: ExportedGenerator): LayersModel {
  const { config, layers, classes, shape } = generator;
  const latent = tf.input({ shape: [config.latent.size], name: 'latent' });
  const label = classes === 0 ? undefined : tf.input({ shape: [1], name: 'label', dtype: 'int32' });
  let x = latent;
  for (const layer of layers) x = new LayerWriter(tf, generator, layer).apply(x, label);
  const last = layers.at(-1)?.outputShape;
  if (last?.join() !== shape.join()) {
    x = tf.layers.reshape({ targetShape: [...shape], name: 'sample' }).apply(x) as SymbolicTensor;
  }
  return tf.model({ inputs: label ? [latent, label] : latent, outputs: x, name: 'generator' });
}

/** One layer of ours as layers of Keras, whose names begin with its index. */
class LayerWriter {
  readonly #tf: Tf;
  readonly #generator: ExportedGenerator;
  readonly #layer: ResolvedLayer;

  constructor(tf: Tf, generator: ExportedGenerator, layer: ResolvedLayer) {
    this.#tf = tf;
    this.#generator = generator;
    this.#layer = layer;
  }

  apply(x: SymbolicTensor, label: SymbolicTensor | undefined): SymbolicTensor {
    const { layers } = this.#tf;
    const { config } = this.#layer;
    switch (config.type) {
      case 'dropout':
        return x;
      case 'reshape':
        return this.#reshape(x, config.shape);
      case 'dense':
        return this.#activate(this.#dense(x, config.units), config.activation);
      case 'maxout':
        return this.#maximum(this.#dense(x, config.units * config.pieces), config.pieces);
      case 'conv':
      case 'conv-transpose':
        return this.#activate(this.#convolution(x, config), config.activation);
      case 'maxout-conv':
        return this.#maximum(this.#convolution(x, config), config.pieces);
      case 'batch-norm': {
        const weights = this.#tensors('weight', 'bias', 'running_mean', 'running_variance');
        const norm = layers.batchNormalization({ epsilon: config.epsilon, weights, ...this.#named('batch_norm') });
        return this.#activate(norm.apply(x) as SymbolicTensor, config.activation);
      }
      case 'class-embedding': {
        const { classes: inputDim, size: outputDim } = config;
        const vectors = { inputDim, outputDim, weights: this.#tensors('embedding'), ...this.#named('embedding') };
        const table = layers.embedding({ ...vectors, embeddingsInitializer: 'zeros' });
        const vector = layers.reshape({ targetShape: [outputDim], ...this.#named('vector') });
        const joined = layers.concatenate(this.#named('concatenate'));
        return joined.apply([x, vector.apply(table.apply(must(label, 'label'))) as SymbolicTensor]) as SymbolicTensor;
      }
      case 'upsample':
        return layers
          .upSampling2d({ size: [config.factor, config.factor], ...this.#named('upsample') })
          .apply(x) as SymbolicTensor;
      case 'pool':
        return this.#pool(x, config);
      case 'minibatch-std':
      case 'class-projection':
        throw inexpressible(
          'a LayersModel',
          this.#layer,
          '',
          'Export it as safetensors, and compute the layer yourself.',
        );
    }
  }

  #dense(x: SymbolicTensor, units: number): SymbolicTensor {
    const weights = this.#tensors('weight', 'bias');
    const dense = this.#tf.layers.dense({ units, weights, kernelInitializer: 'zeros', ...this.#named('dense') });
    return dense.apply(this.#flat(x)) as SymbolicTensor;
  }

  #flat(x: SymbolicTensor): SymbolicTensor {
    const { inputShape, inputUnits } = this.#layer;
    return inputShape.length === 1 ? x : this.#reshape(x, [inputUnits], 'flatten');
  }

  #convolution(x: SymbolicTensor, config: ConvConfig): SymbolicTensor {
    const { layers } = this.#tf;
    const { kernel: kernelSize, stride: strides, padding, untiedBias } = config;
    const pieces = config.type === 'maxout-conv' ? config.pieces : 1;
    const filter = {
      ...{ filters: config.filters * pieces, kernelSize, strides, kernelInitializer: 'zeros' as const },
      ...{ padding: padding === 'same' ? ('same' as const) : ('valid' as const), useBias: !untiedBias },
      weights: untiedBias ? this.#tensors('weight') : this.#tensors('weight', 'bias'),
      ...this.#named(config.type.replaceAll('-', '_')),
    };
    const z =
      config.type === 'conv-transpose'
        ? this.#cropped(layers.conv2dTranspose(filter).apply(x) as SymbolicTensor, config)
        : (layers.conv2d(filter).apply(this.#padded(x, padding)) as SymbolicTensor);
    return untiedBias ? this.#valueBias(z, config.filters * pieces) : z;
  }

  #padded(x: SymbolicTensor, padding: ConvConfig['padding']): SymbolicTensor {
    if (typeof padding !== 'number' || padding === 0) return x;
    return this.#tf.layers.zeroPadding2d({ padding, ...this.#named('padding') }).apply(x) as SymbolicTensor;
  }

  /** Keras's transposed convolution without padding is our own, or larger: at the edges by a number, behind where filters leave gaps. */
  #cropped(z: SymbolicTensor, { padding, kernel, stride }: ConvConfig): SymbolicTensor {
    if (padding === 'same') return z;
    const before = padding === 'valid' ? 0 : padding;
    const after = before + Math.max(stride - kernel, 0);
    if (after === 0) return z;
    const cropping: [[number, number], [number, number]] = [
      [before, after],
      [before, after],
    ];
    return this.#tf.layers.cropping2D({ cropping, ...this.#named('cropping') }).apply(z) as SymbolicTensor;
  }

  /** γ left out, mean 0, variance 1, ε 0: what is left of batch normalisation is β. */
  #valueBias(z: SymbolicTensor, channels: number): SymbolicTensor {
    const { tf, values } = {
      tf: this.#tf,
      values: (this.#layer.outputUnits / must(this.#layer.outputShape[2], 'channels')) * channels,
    };
    const weights = [...this.#tensors('bias'), tf.zeros([values]), tf.ones([values])];
    const bias = tf.layers.batchNormalization({ scale: false, epsilon: 0, weights, ...this.#named('bias') });
    const [height = 0, width = 0] = this.#layer.outputShape;
    return this.#reshape(
      bias.apply(this.#reshape(z, [values], 'values')) as SymbolicTensor,
      [height, width, channels],
      'image',
    );
  }

  /** Over the last axis, whose values lie piece by piece. */
  #maximum(z: SymbolicTensor, pieces: number): SymbolicTensor {
    const { outputShape } = this.#layer;
    const column = this.#reshape(z, [valuesIn(outputShape) * pieces, 1], 'pieces');
    const pooling = this.#tf.layers.maxPooling1d({ poolSize: pieces, strides: pieces, ...this.#named('maximum') });
    return this.#reshape(pooling.apply(column) as SymbolicTensor, outputShape, 'maxima');
  }

  #pool(x: SymbolicTensor, { kind, size: poolSize, stride: strides = poolSize, padding }: PoolConfig): SymbolicTensor {
    const { layers } = this.#tf;
    if (padding !== 'same' && padding !== 'valid') {
      throw inexpressible('a LayersModel', this.#layer, ` with padding ${padding}`, 'Export it with --format onnx.');
    }
    const window = { poolSize, strides, padding, ...this.#named('pool') };
    return (kind === 'max' ? layers.maxPooling2d(window) : layers.averagePooling2d(window)).apply(x) as SymbolicTensor;
  }

  #activate(x: SymbolicTensor, activation: Activation): SymbolicTensor {
    const { layers } = this.#tf;
    if (activation === 'linear') return x;
    if (activation === 'leaky-relu') {
      return layers.leakyReLU({ alpha: LEAKY_SLOPE, ...this.#named('leaky_relu') }).apply(x) as SymbolicTensor;
    }
    return layers.activation({ activation, ...this.#named(activation) }).apply(x) as SymbolicTensor;
  }

  #reshape(x: SymbolicTensor, shape: Shape, name = 'reshape'): SymbolicTensor {
    return this.#tf.layers.reshape({ targetShape: [...shape], ...this.#named(name) }).apply(x) as SymbolicTensor;
  }

  #named(kind: string): { name: string } {
    return { name: `layer_${this.#layer.index}_${kind}` };
  }

  #tensors(...names: readonly LayerTensor[]): Tensor[] {
    return names.map((name) => {
      const { values, shape } = this.#generator.tensor(this.#layer, name);
      return this.#tf.tensor(values, [...shape]);
    });
  }
}
