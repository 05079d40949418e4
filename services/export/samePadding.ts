/** Where TensorFlow's padding `same` lies, for formats that want it in numbers. */

/** Of a convolution between a large side and a small one: zeros before and after the large one. */
export function samePadding(large: number, small: number, { kernel, stride }: { kernel: number; stride: number }) {
  const total = Math.max((small - 1) * stride + kernel - large, 0);
  // TensorFlow puts the odd one behind.
  return { before: Math.floor(total / 2), after: Math.ceil(total / 2) };
}
