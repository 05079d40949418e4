import { hostname } from 'node:os';
import { Command } from 'commander';
import { GanglionError } from '../../errors/ganglionError.ts';
import type { Role } from '../../security/role.ts';
import { type Console, note } from '../console.ts';
import type { IssuedCertificate } from '../documents.ts';
import { examples } from '../examples.ts';
import { integer } from '../integer.ts';
import { formatOf, isForPeople, printRows } from '../output.ts';

interface Flags {
  readonly hosts: readonly string[];
  readonly days: number;
}

/** `coordinator` is a role here, since its certificate must be made; as a caller it is none. */
const HOLDERS = ['coordinator', 'worker', 'client', 'admin'] as const;
type Holder = (typeof HOLDERS)[number];

export function tlsCommand(console: Console): Command {
  const tls = new Command('tls').description('make a CA and certificates for mutual TLS');
  addFlags(tls.command('init <folder>'))
    .description('a CA, and a folder for each of coordinator, worker, client and admin that --tls-dir takes')
    .addHelpText(
      'after',
      examples('ganglion tls init tls', 'ganglion tls init tls --hosts trainer.example.org,10.0.0.5'),
    )
    .action(async (folder: string, flags: Flags, command: Command) => {
      const { initAuthority, issueInto } = await import('../../security/tlsInit.ts');
      await initAuthority(folder);
      const issued: IssuedCertificate[] = [];
      for (const holder of HOLDERS) {
        const wish = wishOf([holder], holder, flags);
        issued.push({ folder: await issueInto(folder, wish), ...wish });
      }
      note(console, `${folder}/ca/ca.key signs: keep it where no service runs.`);
      printIssued(console, command, issued);
    });
  addFlags(tls.command('issue <folder> <name>'))
    .description('one certificate more, of the CA in the folder')
    .requiredOption('--role <roles>', `what its holder is, with commas between: ${HOLDERS.join(', ')}`, parseHolders)
    .addHelpText(
      'after',
      examples(
        'ganglion tls issue tls alice --role client --days 30',
        'ganglion tls issue tls pods --role worker,client --hosts "*.ganglion-worker"',
      ),
    )
    .action(async (folder: string, name: string, flags: Flags & { role: readonly Holder[] }, command: Command) => {
      requireName(name);
      const { issueInto } = await import('../../security/tlsInit.ts');
      const wish = wishOf(flags.role, name, flags);
      printIssued(console, command, [{ folder: await issueInto(folder, wish), ...wish }]);
    });
  return tls;
}

/** People get the folders alone, to be pasted. */
function printIssued(console: Console, command: Command, issued: readonly IssuedCertificate[]): void {
  const format = formatOf(command);
  printRows(console, isForPeople(format) ? 'name' : format, issued, [], ({ folder }) => folder);
}

function addFlags(command: Command): Command {
  return command
    .option('--hosts <names>', 'names and addresses that services are dialled by, with commas between', parseHosts, [])
    .option('--days <n>', 'how long the certificates hold', integer('--days', { min: 1, max: 3650 }), 365);
}

/** This machine is always among a service's hosts, so that one folder does for a laptop. */
function wishOf(holders: readonly Holder[], name: string, { hosts, days }: Flags) {
  const roles: Role[] = holders.filter((holder) => holder !== 'coordinator');
  const own = ['localhost', '127.0.0.1', '::1', hostname()];
  const serves = holders.includes('coordinator') || holders.includes('worker');
  return { name, roles, days, hosts: serves ? [...new Set([...own, ...hosts])] : [] };
}

function parseHolders(text: string): Holder[] {
  const words = text.split(',').map((word) => word.trim());
  const known = words.flatMap((word) => HOLDERS.find((holder) => holder === word) ?? []);
  if (known.length === words.length) return known;
  throw new GanglionError({
    code: 'invalid-argument',
    message: `--role: found '${text}'; ${HOLDERS.join(', ')} are allowed, with commas between.`,
    remedy: 'Write --role worker,client, say.',
  });
}

function parseHosts(text: string): string[] {
  const hosts = text.split(',').map((host) => host.trim());
  // A wildcard stands for one label: `*.workers.gan.svc`.
  const wrong = hosts.find(
    (host) => !/^(\*\.)?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$|^[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*$/.test(host),
  );
  if (wrong === undefined) return hosts;
  throw new GanglionError({
    code: 'invalid-argument',
    message: `--hosts: found '${wrong}'; host names and IP addresses are allowed, with commas between.`,
    remedy: 'Write --hosts trainer.example.org,10.0.0.5, say.',
  });
}

function requireName(name: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/.test(name)) return;
  throw new GanglionError({
    code: 'invalid-argument',
    message: `The name '${name.slice(0, 80)}' is not one.`,
    remedy: 'Choose letters, digits, dots, hyphens and underscores, at most 63.',
  });
}
