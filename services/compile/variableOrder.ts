/** In which order the ops of a recording may touch its variables. A graph runs its ops in any order that its edges allow. */
import type { RecordedVariable, Source } from './recording.ts';

/** How many of an op's first inputs are variables. Whatever else changes state cannot be recorded. */
const VARIABLES: Readonly<Record<string, number>> = {
  ReadVariableOp: 1,
  AssignVariableOp: 1,
  ResourceApplyGradientDescent: 1,
  ResourceApplyKerasMomentum: 2,
  ResourceApplyAdam: 3,
  ResourceApplyAdagradV2: 2,
};

interface Touched {
  readonly index: number;
  isChanged: boolean;
  changedBy: number | undefined;
  readBy: number[];
  /** What it was read as since it was changed. */
  value: Source | undefined;
}

export function variablesOf(op: string): number {
  return VARIABLES[op] ?? 0;
}

export class VariableOrder {
  /** By the handle's id, in the order in which they were met. */
  readonly #touched = new Map<number, Touched>();

  get variables(): RecordedVariable[] {
    return [...this.#touched].map(([handle, { isChanged }]) => ({ handle, isChanged }));
  }

  source(handle: number): Source {
    return { from: 'variables', index: this.#of(handle).index };
  }

  /** The variable's value as an earlier op read it; undefined where it was changed since. */
  valueOf(handle: number): Source | undefined {
    return this.#of(handle).value;
  }

  /** The ops that the next one, a read, must come after. */
  read(handle: number, op: number): number[] {
    const touched = this.#of(handle);
    touched.readBy.push(op);
    touched.value = { from: 'ops', index: op, output: 0 };
    return touched.changedBy === undefined ? [] : [touched.changedBy];
  }

  /** The ops that the next one, which changes these variables, must come after. */
  change(handles: readonly number[], op: number): number[] {
    return handles.flatMap((handle) => {
      const touched = this.#of(handle);
      const before = touched.changedBy === undefined ? touched.readBy : [touched.changedBy, ...touched.readBy];
      Object.assign(touched, { isChanged: true, changedBy: op, readBy: [], value: undefined });
      return before;
    });
  }

  #of(handle: number): Touched {
    let touched = this.#touched.get(handle);
    if (touched === undefined) {
      touched = { index: this.#touched.size, isChanged: false, changedBy: undefined, readBy: [], value: undefined };
      this.#touched.set(handle, touched);
    }
    return touched;
  }
}
