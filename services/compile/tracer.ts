/**
 * Runs a computation op by op and records it on the way, at the one door that every op of tfjs-node passes. What cannot be
 * replayed (a read of values, which may decide what comes next; a tensor from outside) is told and not recorded. The computation itself is not disturbed: its result is an ordinary one.
 */
import type { Tensor } from '@tensorflow/tfjs';
import { must } from '../errors/invariant.ts';
import type { Constant, NamedInput, RecordedOp, Recording, Source, TensorKind } from './recording.ts';
import type { Binding, SeamBackend } from './seam.ts';
import { VariableOrder, variablesOf } from './variableOrder.ts';

/** Shapes, axes, factors; the largest of ours has a sign for each of 2 × 65,536 samples. Data are inputs. */
const CONSTANT_BYTES_MAX = 512 * 1024;
/** A phase of our largest networks has some 2,000. */
const OPS_MAX = 20_000;
const READS = 'it reads values of a tensor on the way';

export type Inputs = Readonly<Record<string, Tensor>>;
export type Computation = (inputs: Inputs) => readonly Tensor[];

export interface Trace {
  readonly outputs: readonly Tensor[];
  /** A sentence where the computation cannot be replayed. */
  readonly recorded: Recording | string;
}

/** @param compute must be a function of `inputs` and of variables alone: everything else is taken for constant. */
export function trace(backend: SeamBackend, inputs: Inputs, compute: Computation): Trace {
  const tracer = new Tracer(backend.binding);
  // Before the tracer stands in: an upload in the middle of the computation would look like a constant.
  const ids = backend.getInputTensorIds(Object.values(inputs));
  for (const [index, [name, { shape, dtype }]] of Object.entries(inputs).entries()) {
    tracer.input(must(ids[index], name), { name, shape, dtype: backend.getDTypeInteger(dtype) });
  }
  backend.binding = tracer.standIn;
  try {
    const outputs = compute(inputs);
    return { outputs, recorded: tracer.recording(backend.getInputTensorIds(outputs)) };
  } finally {
    backend.binding = tracer.binding;
  }
}

class Tracer {
  readonly binding: Binding;
  readonly standIn: Binding;
  readonly #inputs: NamedInput[] = [];
  readonly #order = new VariableOrder();
  readonly #constants: Constant[] = [];
  readonly #ops: RecordedOp[] = [];
  /** By tensor id; the addon never uses an id twice. */
  readonly #sources = new Map<number, Source>();
  #obstacle: string | undefined;

  constructor(binding: Binding) {
    this.binding = binding;
    const seen: Partial<Binding> = {
      createTensor: (shape, dtype, values) => {
        const id = binding.createTensor(shape, dtype, values);
        this.#constant(id, { shape: [...shape], dtype }, values);
        return id;
      },
      executeOp: (name, attributes, inputs, outputCount) => {
        const outputs = binding.executeOp(name, attributes, inputs, outputCount);
        this.#op(
          name,
          attributes,
          inputs,
          outputs.map(({ id, shape, dtype }) => ({ id, shape, dtype })),
        );
        return outputs;
      },
      tensorDataSync: (id) => {
        this.#stop(READS);
        return binding.tensorDataSync(id);
      },
      readTensor: (id, into) => {
        this.#stop(READS);
        binding.readTensor(id, into);
      },
    };
    this.standIn = Object.create(
      binding,
      Object.fromEntries(Object.entries(seen).map(([name, value]) => [name, { value }])),
    ) as Binding;
  }

  input(id: number, input: NamedInput): void {
    this.#sources.set(id, { from: 'inputs', index: this.#inputs.push(input) - 1 });
  }

  recording(outputIds: readonly number[]): Recording | string {
    const outputs = this.#known(outputIds, 'its result');
    if (outputs === undefined || this.#obstacle !== undefined) return this.#obstacle ?? 'its result is not recorded';
    return {
      inputs: this.#inputs,
      variables: this.#order.variables,
      constants: this.#constants,
      ops: this.#ops,
      outputs,
    };
  }

  #constant(id: number, kind: TensorKind, values: unknown): void {
    if (!ArrayBuffer.isView(values)) return this.#stop('it makes a tensor of texts');
    if (values.byteLength > CONSTANT_BYTES_MAX) {
      return this.#stop(`it makes a tensor of ${values.byteLength} bytes, where constants have ${CONSTANT_BYTES_MAX}`);
    }
    // A copy: the array is its owner's, who may write into it.
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
    this.#sources.set(id, { from: 'constants', index: this.#constants.push({ ...kind, bytes }) - 1 });
  }

  #op(
    name: string,
    attributes: RecordedOp['attributes'],
    inputIds: readonly number[],
    outputs: readonly (TensorKind & { readonly id: number })[],
  ): void {
    const handles = inputIds.slice(0, variablesOf(name));
    if (outputs.length === 0 && handles.length === 0) return this.#stop(`${name} changes state`);
    if (this.#ops.length === OPS_MAX) return this.#stop(`it has more than ${OPS_MAX} ops`);
    const [handle] = handles;
    const isRead = name === 'ReadVariableOp' && handle !== undefined;
    const value = isRead ? this.#order.valueOf(handle) : undefined;
    if (value !== undefined) {
      this.#sources.set(must(outputs[0], 'value').id, value);
      return;
    }
    const tensors = this.#known(inputIds.slice(handles.length), name);
    if (tensors === undefined) return;
    const index = this.#ops.length;
    const inputs = [...handles.map((id) => this.#order.source(id)), ...tensors];
    const after = isRead ? this.#order.read(handle, index) : this.#order.change(handles, index);
    this.#ops.push({ name, attributes, inputs, outputs, after });
    for (const [output, { id }] of outputs.entries()) this.#sources.set(id, { from: 'ops', index, output });
  }

  #known(ids: readonly number[], reader: string): Source[] | undefined {
    const sources = ids.map((id) => this.#sources.get(id));
    if (sources.every((source) => source !== undefined)) return sources;
    this.#stop(`${reader} reads a tensor that was made outside`);
    return undefined;
  }

  /** The first obstacle explains the others. */
  #stop(obstacle: string): void {
    this.#obstacle ??= obstacle;
  }
}
