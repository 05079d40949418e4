import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import type { Verdict } from '../../checkpoint/verify.ts';
import type { RunsClient } from '../../wire/client.ts';
import { withClient } from '../client.ts';
import { type Console, note } from '../console.ts';
import { EXIT } from '../exitCode.ts';
import { integer } from '../integer.ts';
import { type Column, type Format, outputOption, printRows } from '../output.ts';
import { age, bytes } from '../units.ts';

interface Flags {
  output: Format;
  phase?: number;
}

export function checkpointsCommand(console: Console): Command {
  const checkpoints = new Command('checkpoints').description('list and verify checkpoints of a run or a run folder');
  checkpoints
    .command('list <run|folder>')
    .description('the checkpoints that are kept, oldest first')
    .addOption(outputOption())
    .action(async (target: string, { output }: Flags, command: Command) => {
      const verdicts = await verify(command, target, undefined);
      printRows(console, output, verdicts, columns(Date.now()), (verdict) => String(verdict.phase));
    });
  checkpoints
    .command('verify <run|folder>')
    .description('read every byte back and compare its hashes; exit code 1 where one is broken')
    .option('--phase <n>', 'only this one', integer('--phase', { min: 0, max: 2 ** 48 }))
    .addOption(outputOption())
    .action(async (target: string, { output, phase }: Flags, command: Command) => {
      const verdicts = await verify(command, target, phase);
      printRows(console, output, verdicts, columns(Date.now()), (verdict) => String(verdict.phase));
      for (const { ok, why } of verdicts) if (!ok) note(console, `ganglion: ${why}`);
      if (verdicts.some(({ ok }) => !ok)) console.exitCode = EXIT.error;
    });
  return checkpoints;
}

/** A folder is read where it lies; a run where the coordinator keeps it, or out of a copy where that is another machine. */
async function verify(command: Command, target: string, phase: number | undefined): Promise<Verdict[]> {
  const { verifyCheckpoints } = await import('../../checkpoint/verify.ts');
  if (existsSync(join(target, 'checkpoints'))) return verifyCheckpoints(target, phase);
  return withClient(command, async (client) => {
    const { folder } = await client.getRun(target);
    if (existsSync(join(folder, 'checkpoints'))) return verifyCheckpoints(folder, phase);
    const copy = await mkdtemp(join(tmpdir(), 'ganglion-verify-'));
    try {
      await copyCheckpoints(client, target, copy);
      return await verifyCheckpoints(copy, phase);
    } finally {
      await rm(copy, { recursive: true });
    }
  });
}

async function copyCheckpoints(client: RunsClient, runId: string, to: string): Promise<void> {
  for (const { name } of await client.listArtifacts(runId)) {
    if (!name.startsWith('checkpoints/')) continue;
    const file = join(to, name);
    await mkdir(dirname(file), { recursive: true });
    await pipeline(Readable.from(client.fetchArtifact(runId, name)), createWriteStream(file));
  }
}

function columns(nowMs: number): Column<Verdict>[] {
  return [
    { title: 'PHASE', value: ({ phase }) => String(phase) },
    { title: 'STATE', value: ({ ok }) => (ok ? 'whole' : 'broken') },
    { title: 'SIZE', value: ({ fileBytes }) => bytes(fileBytes) },
    { title: 'WEIGHTS', value: ({ weightsSha256 }) => weightsSha256.slice(0, 16) },
    { title: 'WHY', wide: true, value: ({ why }) => why },
    { title: 'AGE', value: ({ savedAtMs }) => (savedAtMs ? age(savedAtMs, nowMs) : '–') },
  ];
}
