import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import type { Verdict } from '../../checkpoint/verify.ts';
import { GanglionError } from '../../errors/ganglionError.ts';
import { type Console, note } from '../console.ts';
import { examples } from '../examples.ts';
import { EXIT } from '../exitCode.ts';
import { integer } from '../integer.ts';
import { type Column, formatOf, isForPeople, printRows } from '../output.ts';
import { allCheckpoints, withRunFolder } from '../runTarget.ts';
import { age, bytes } from '../units.ts';

export function checkpointsCommand(console: Console): Command {
  const checkpoints = new Command('checkpoints').description('list and verify checkpoints of a run or a run folder');
  checkpoints
    .command('list <run|folder>')
    .description('the checkpoints that are kept, oldest first, and whether they are whole')
    .addHelpText(
      'after',
      examples('ganglion checkpoints list mnist-quick-1', 'ganglion checkpoints list ./runs/mnist-quick-1'),
    )
    .action(async (target: string, _flags: object, command: Command) => {
      const { checkpointPhases, verifyCheckpoints } = await import('../../checkpoint/verify.ts');
      const verdicts = await withRunFolder(console, command, target, allCheckpoints, async (folder) => {
        if ((await checkpointPhases(folder)).length > 0) return verifyCheckpoints(folder);
        if (!RUN_PARTS.some((name) => existsSync(join(folder, name)))) throw noRunFolder(target);
        return [];
      });
      await print(console, command, verdicts);
      if (verdicts.length === 0) note(console, `${target} has no checkpoints yet.`);
    });
  checkpoints
    .command('verify <run|folder>')
    .description('read every byte back and compare its hashes; exit code 1 where one is broken')
    .option('--phase <n>', 'only this one', integer('--phase', { min: 0, max: 2 ** 48 }))
    .addHelpText(
      'after',
      examples(
        'ganglion checkpoints verify ./runs/mnist-quick-1',
        'ganglion checkpoints verify mnist-quick-1 --phase 500',
      ),
    )
    .action(async (target: string, { phase }: { phase?: number }, command: Command) => {
      const { verifyCheckpoints } = await import('../../checkpoint/verify.ts');
      const verdicts = await withRunFolder(console, command, target, allCheckpoints, (folder) =>
        verifyCheckpoints(folder, phase),
      );
      await print(console, command, verdicts);
      for (const { ok, why } of verdicts) if (!ok) note(console, `ganglion: ${why}`);
      if (verdicts.some(({ ok }) => !ok)) console.exitCode = EXIT.error;
    });
  return checkpoints;
}

const RUN_PARTS = ['config.yaml', 'checkpoints'];

function noRunFolder(target: string): GanglionError {
  return new GanglionError({
    code: 'not-found',
    message: `${target} is not a run folder: it has neither ${RUN_PARTS.join(' nor ')}.`,
    remedy: 'Name a run, or a run folder, which has both.',
  });
}

async function print(console: Console, command: Command, verdicts: readonly Verdict[]): Promise<void> {
  const { folderName } = await import('../../checkpoint/manifest.ts');
  const name = ({ phase }: Verdict) => folderName(phase);
  const format = formatOf(command);
  if (verdicts.length > 0 || !isForPeople(format)) {
    printRows(console, format, verdicts, checkpointColumns(name, Date.now()), name);
  }
}

function checkpointColumns(name: (verdict: Verdict) => string, nowMs: number): Column<Verdict>[] {
  return [
    { title: 'NAME', value: name },
    { title: 'PHASE', value: ({ phase }) => String(phase) },
    { title: 'STATE', value: ({ ok }) => (ok ? 'whole' : 'broken') },
    { title: 'SIZE', value: ({ fileBytes }) => bytes(fileBytes) },
    { title: 'WEIGHTS', value: ({ weightsSha256 }) => weightsSha256.slice(0, 16) || '–' },
    { title: 'WHY', wide: true, value: ({ why }) => why },
    { title: 'AGE', value: ({ savedAtMs }) => (savedAtMs ? age(savedAtMs, nowMs) : '–') },
  ];
}
