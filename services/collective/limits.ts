/** Bounds of the direct all-reduce, with their arithmetic; the star's chunk is in chunk.ts, the sockets' in mesh/limits.ts. */

/**
 * Values in a frame, 256 KiB of float32: of 16 … 1024 KiB the fastest for two local workers. What a core has read lies in
 * its second-level cache while it is checked, added and sent. The last frame of a slice may be shorter.
 */
export const FRAME_VALUES = 65_536;

/**
 * Frames given to one peer's connection at a time: one that the kernel takes, and one that is ready when it wants more.
 * So a peer that does not read holds 2 × 256 KiB of this worker's memory, and no copy of it.
 */
export const FRAMES_UNDER_WAY_MAX = 2;
