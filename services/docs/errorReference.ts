/** The page of every error code, out of the table that the program knows. */
import { ERROR_CODES } from '../errors/errorCodes.ts';

const HEAD = `# Errors

Every error is a sentence that says what was found and what is allowed, a remedy, and one of these codes. Made by \`npm run generate\`; do not edit.
`;

export function errorReference(): string {
  const sections = Object.entries(ERROR_CODES).map(([code, { means, usually, exitCode }]) =>
    [
      `## ${code}`,
      '',
      means,
      '',
      `What people usually do: ${usually}`,
      '',
      `Exit code of \`ganglion\`: ${exitCode}.`,
      '',
    ].join('\n'),
  );
  return [HEAD, ...sections].join('\n');
}
