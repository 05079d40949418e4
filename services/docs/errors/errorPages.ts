/** A page for each error code, and the table of all: what the program knows of it, and what people do. */
import { ERROR_CODES, type ErrorCode } from '../../errors/errorCodes.ts';
import { bullets, numbered, table } from '../markdown.ts';
import { ASKED_ERRORS } from './askedErrors.ts';
import type { ErrorPage } from './errorPage.ts';
import { MACHINE_ERRORS } from './machineErrors.ts';
import { REACH_ERRORS } from './reachErrors.ts';

const ERROR_PAGES: Readonly<Record<ErrorCode, ErrorPage>> = { ...ASKED_ERRORS, ...REACH_ERRORS, ...MACHINE_ERRORS };

const HEAD = `# Errors

Every error is a sentence that says what was found and what is allowed, a remedy, and one of these codes with its page. Made by \`npm run generate\`; do not edit.
`;

export function errorIndex(): string {
  const rows = Object.entries(ERROR_CODES).map(([code, { means, exitCode }]) => [
    `[${code}](errors/${code}.md)`,
    means,
    String(exitCode),
  ]);
  return [HEAD, ...table(['code', 'means', 'exit code'], rows), ''].join('\n');
}

/** By their file names in docs/. */
export function errorPages(): Readonly<Record<string, () => string>> {
  const codes = Object.keys(ERROR_PAGES) as ErrorCode[];
  return Object.fromEntries(codes.map((code) => [`errors/${code}.md`, () => errorPage(code)]));
}

function errorPage(code: ErrorCode): string {
  const { means, exitCode } = ERROR_CODES[code];
  const { causes, example, steps, near } = ERROR_PAGES[code];
  const neighbours = Object.entries(near).map(([other, difference]) => `[${other}](${other}.md): ${difference}`);
  return [
    `# ${code}`,
    '',
    means,
    `The exit code is ${exitCode}.`,
    '',
    ...['```console', example, '```', ''],
    ...['## What usually brings it about', '', ...bullets(causes), ''],
    ...['## What to do', '', ...numbered(steps), ''],
    ...['## What it is not', '', ...bullets(neighbours), ''],
    'Made by `npm run generate`; do not edit. [All errors](../errors.md).',
    '',
  ].join('\n');
}
