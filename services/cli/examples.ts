/** Examples below a command's help, as kubectl has them: the quickest way to learn a command. */

/** Text for `addHelpText('after', …)`; each line is a command line. */
export function examples(...lines: readonly string[]): string {
  return ['', 'Examples:', ...lines.map((line) => `  ${line}`)].join('\n');
}
