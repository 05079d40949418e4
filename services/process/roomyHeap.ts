/** How V8 collects the garbage of a service through which many buffers pass. */
import { setFlagsFromString } from 'node:v8';

/**
 * V8 counts buffers outside its heap as growth of the heap, and marks all of it when that has grown by a part of it: with a heap
 * of 25 MB once for every 4 MB of samples dealt, each of which is copied several times on its way. It may grow to four times its size now, and most buffers are gone by then with the young
 * generation. (A coordinator that deals MNIST to two workers: 0.5 ms of CPU a phase instead of 1.4, no mark
 * instead of 5 a second. A worker that takes them: 3 ms instead of 3.3, and 40 MB more.)
 */
export function letHeapGrow(): void {
  setFlagsFromString('--heap-growing-percent=300');
}
