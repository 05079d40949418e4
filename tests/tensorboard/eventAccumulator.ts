/** What the real TensorBoard reads in a folder. */
import { askPython } from '../setup/pythonTools.ts';

export interface Accumulated {
  /** By tag: steps and values, in the order of the file. */
  readonly scalars: Readonly<Record<string, readonly (readonly [step: number, value: number, wallTime: number])[]>>;
  readonly images: Readonly<
    Record<string, readonly (readonly [step: number, width: number, height: number, base64: string])[]>
  >;
  /** num, sum, and what the buckets hold together. */
  readonly histograms: Readonly<
    Record<string, readonly (readonly [step: number, num: number, sum: number, buckets: number])[]>
  >;
}

const SCRIPT = `
import base64, json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
board = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0, "images": 0, "histograms": 0})
board.Reload()
tags = board.Tags()
print(json.dumps({
    "scalars": {tag: [[e.step, e.value, e.wall_time] for e in board.Scalars(tag)] for tag in tags["scalars"]},
    "images": {tag: [[e.step, e.width, e.height, base64.b64encode(e.encoded_image_string).decode()]
                     for e in board.Images(tag)] for tag in tags["images"]},
    "histograms": {tag: [[e.step, e.histogram_value.num, e.histogram_value.sum, sum(e.histogram_value.bucket)]
                         for e in board.Histograms(tag)] for tag in tags["histograms"]},
}))
`;

export function accumulate(folder: string): Promise<Accumulated> {
  return askPython<Accumulated>(SCRIPT, folder);
}
