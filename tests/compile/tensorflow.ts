/** libtensorflow on the CPU, with what its addon counts. */
import { selectBackend } from '../../services/backend/select.ts';
import { seamOf } from '../../services/compile/seam.ts';

interface Counting {
  getNumOfTensors(): number;
}

export async function startTensorflow() {
  process.env.CUDA_VISIBLE_DEVICES = '-1';
  const { tf } = await selectBackend({ require: 'tensorflow', intraOpThreads: 1 });
  const seam = seamOf(tf.backend());
  const addon = seam.binding as unknown as Counting;
  return {
    tf,
    seam,
    /** Alive in the addon: whatever JavaScript thinks. */
    counts: () => ({ tensors: addon.getNumOfTensors() }),
  };
}
