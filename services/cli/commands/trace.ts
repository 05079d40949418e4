import { Command } from 'commander';
import { GanglionError } from '../../errors/ganglionError.ts';
import type { RecordedTrace, TraceBegun } from '../../trace/recordedTrace.ts';
import type { AskedTrace } from '../../trace/tracePart.ts';
import { saveBytes } from '../artifactFile.ts';
import { withClient } from '../client.ts';
import { type Console, note } from '../console.ts';
import { examples } from '../examples.ts';
import { namedRun } from '../shortNames.ts';
import { tellWritten } from '../written.ts';

type Phases = Pick<AskedTrace, 'firstPhase' | 'phaseCount'>;

const PHASES_MAX = 100_000;
const NEXT: Phases = { firstPhase: undefined, phaseCount: 20 };

export function traceCommand(console: Console): Command {
  return new Command('trace')
    .description('record what workers and coordinator do when, for Perfetto and chrome://tracing, on one clock')
    .argument('<run>', 'a run that trains')
    .option('--phases <A-B|N>', 'the phases A to B, counted from 0, or the next N (default: the next 20)', parsePhases)
    .option('--to <file>', 'the file (default: RUN-A-B.trace.json)')
    .addHelpText(
      'after',
      examples('ganglion trace mnist-quick-1', 'ganglion trace mnist-quick-1 --phases 1000-1009 --to slow.trace.json'),
    )
    .action(async (written: string, flags: { phases?: Phases; to?: string }, command: Command) => {
      const [{ gatherTrace }, { chromeTrace }] = await Promise.all([
        import('../../trace/recordedTrace.ts'),
        import('../../trace/chromeTrace.ts'),
      ]);
      const trace = await withClient(console, command, async (client) => {
        const { runId } = await namedRun(client, written);
        const parts = client.traceRun({ runId, ...(flags.phases ?? NEXT) });
        return gatherTrace(runId, parts, (what) => note(console, begunText(runId, what)));
      });
      const to = flags.to ?? `${trace.runId}-${phasesText(trace)}.trace.json`;
      await saveBytes(Buffer.from(chromeTrace(trace)), to);
      for (const line of lossText(trace)) note(console, line);
      await tellWritten(console, command, [to]);
      const names = trace.processes.map(({ name }) => name).join(', ');
      note(
        console,
        `It shows ${names}. Open it at https://ui.perfetto.dev (it stays in your browser), or in chrome://tracing.`,
      );
    });
}

function parsePhases(text: string): Phases {
  const [, first, last] = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(text) ?? [];
  const [a, b] = [Number(first), Number(last)];
  const phases =
    last === undefined ? { firstPhase: undefined, phaseCount: a } : { firstPhase: a, phaseCount: b - a + 1 };
  if (phases.phaseCount >= 1 && phases.phaseCount <= PHASES_MAX) return phases;
  throw new GanglionError({
    code: 'invalid-argument',
    message: `--phases: found '${text}'; A-B, or how many of the next, from 1 to ${PHASES_MAX} phases, are allowed.`,
    remedy: 'Write --phases 1000-1019, or --phases 20 for the next 20.',
  });
}

function phasesText({ firstPhase, phaseCount }: Pick<TraceBegun, 'firstPhase' | 'phaseCount'>): string {
  return `${firstPhase}-${firstPhase + phaseCount - 1}`;
}

function begunText(runId: string, what: TraceBegun): string {
  const { phase, workerIds } = what;
  const by = workerIds.length === 0 ? 'it waits for workers' : `by ${workerIds.join(', ')}`;
  return `Records the phases ${phasesText(what)} of ${runId}, which is at ${phase}: ${by}.`;
}

function lossText({ processes }: RecordedTrace): string[] {
  const dropped = processes.filter((one) => one.dropped > 0);
  return [
    ...processes.flatMap(({ missing }) => missing || []),
    ...dropped.map((one) => `${one.dropped} spans of ${one.name} found no room.`),
  ];
}
