/** Maximum and average pooling. Images come and go as [n, values]; padding loses every maximum and counts in no average. */
import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import { must } from '../errors/invariant.ts';
import type { Tf } from './kernels.ts';
import type { Layer } from './layer.ts';
import { type LocallyLinear, locallyLinearLayer } from './locallyLinear.ts';
import { type PoolConfig, type PooledSide, pooledAlong, type ResolvedLayer, type Shape } from './shapes.ts';
import { createWindows } from './windows.ts';

/** The lowest float32 that is a number. */
const LOWEST = -(2 - 2 ** -23) * 2 ** 127;

export function poolLayer(tf: Tf, config: PoolConfig, { inputShape, outputShape }: ResolvedLayer): Layer {
  const [height = 0, width = 0, channels = 0] = inputShape;
  const [rows, columns] = [pooledAlong(height, config), pooledAlong(width, config)];
  const { size, stride = size } = config;
  const windows = createWindows(tf, {
    image: [height + rows.before + rows.after, width + columns.before + columns.after],
    pooled: [rows.count, columns.count],
    ...{ channels, size, stride },
  });
  const isPadded = rows.before + rows.after + columns.before + columns.after > 0;

  const image = (values: Tensor2D, [h = 0, w = 0, c = 0]: Shape) => tf.reshape(values, [-1, h, w, c]) as Tensor4D;
  const flat = (images: Tensor4D) => tf.reshape(images, [images.shape[0], -1]) as Tensor2D;
  const inputs = (values: Tensor2D, padding: number) => {
    const images = image(values, inputShape);
    const around = [
      [0, 0],
      [rows.before, rows.after],
      [columns.before, columns.after],
      [0, 0],
    ] as const;
    return isPadded ? tf.pad4d(images, around.map(([a, b]) => [a, b]) as Parameters<Tf['pad4d']>[1], padding) : images;
  };
  const outputs = (values: Tensor2D) => image(values, outputShape);
  const cropped = (images: Tensor4D) =>
    flat(isPadded ? tf.slice4d(images, [0, rows.before, columns.before, 0], [-1, height, width, -1]) : images);

  function maximum(): LocallyLinear {
    const seen = (input: Tensor2D) => inputs(input, LOWEST);
    return {
      forward: (input) => flat(windows.maximum(seen(input))),
      tangent: ({ input, output }, tangent) =>
        flat(windows.maximumTangent(seen(input), outputs(output), inputs(tangent, 0))),
      transpose: ({ input, output }, dOutput) =>
        cropped(windows.maximumGradient(seen(input), outputs(output), outputs(dOutput))),
    };
  }

  function average(): LocallyLinear {
    const grown = Float32Array.from(
      growth(rows, height, config).flatMap((row) => growth(columns, width, config).map((column) => row * column)),
    );
    const share = (images: Tensor4D): Tensor4D =>
      isPadded ? tf.mul(images, tf.tensor4d(grown, [1, rows.count, columns.count, 1])) : images;
    const forward = (input: Tensor2D) => flat(share(windows.average(inputs(input, 0))));
    return {
      forward,
      tangent: (_trace, input) => forward(input),
      transpose: (_trace, dOutput) => cropped(windows.averageGradient(share(outputs(dOutput)))),
    };
  }

  return locallyLinearLayer(config.kind === 'max' ? maximum() : average());
}

/** By window: its length over how much of it lies in the image. */
function growth({ count, before }: PooledSide, length: number, { size, stride = size }: PoolConfig): number[] {
  return Array.from({ length: count }, (_, window) => {
    const first = window * stride - before;
    const inside = Math.min(first + size, length) - Math.max(first, 0);
    return size / must(inside > 0 ? inside : undefined, 'a window that sees the image');
  });
}
