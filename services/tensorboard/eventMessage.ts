/** The records of an event file: TensorFlow's Event messages. */
import { join } from 'node:path';
import protobuf from 'protobufjs';
import { packageRoot } from '../config/packageRoot.ts';
import { invariant } from '../errors/invariant.ts';
import type { Histogram } from '../telemetry/histogram.ts';

export type SummaryValue =
  | { readonly tag: string; readonly simpleValue: number }
  | { readonly tag: string; readonly histo: Histogram }
  | { readonly tag: string; readonly image: EncodedImage };

export interface EncodedImage {
  readonly width: number;
  readonly height: number;
  /** How many values a pixel has. */
  readonly colorspace: number;
  readonly encodedImageString: Uint8Array;
}

export interface Told {
  /** Seconds since 1970. */
  readonly wallTime: number;
  readonly step: number;
  readonly values: readonly SummaryValue[];
}

const message = protobuf
  .loadSync(join(packageRoot(), 'proto', 'tensorflow', 'event.proto'))
  .lookupType('tensorflow.Event');

export function encodeTold({ wallTime, step, values }: Told): Uint8Array {
  return encode({ wallTime, step, summary: { value: values } });
}

/** What an event file begins with. */
export function encodeVersion(wallTime: number): Uint8Array {
  return encode({ wallTime, fileVersion: 'brain.Event:2' });
}

/** The step of an event, and the tags that it has values for. Throws where the bytes are no event. */
export function decodeTags(bytes: Uint8Array): { readonly step: number; readonly tags: readonly string[] } {
  const event = message.toObject(message.decode(bytes), { longs: Number, defaults: true }) as {
    step: number;
    summary?: { value: readonly { tag: string }[] };
  };
  return { step: event.step, tags: event.summary?.value.map(({ tag }) => tag) ?? [] };
}

function encode(event: object): Uint8Array {
  const wrong = message.verify(event);
  invariant(wrong === null, `an Event: ${wrong}`);
  return message.encode(message.fromObject(event)).finish();
}
