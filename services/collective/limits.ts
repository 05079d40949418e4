/** Bounds of the direct all-reduce, with their arithmetic; the star's chunk is in chunk.ts, the sockets' in mesh/limits.ts. */

/**
 * Values in a frame, 512 KiB of float32: from 128 to 768 KiB a round of 18 MB takes two local workers 13.4, 11.5, 10.4, 9.8 and
 * 9.6 ms of CPU each. What a core has read lies in its second-level cache while it is checked, added and sent. The last frame of a slice may be shorter.
 */
export const FRAME_VALUES = 131_072;

/**
 * Frames given to one peer's connection at a time: one that the kernel takes, and one that is ready when it wants more.
 * So a peer that does not read holds 2 × 512 KiB of this worker's memory, and no copy of it.
 */
export const FRAMES_UNDER_WAY_MAX = 2;
