/** The pages of `docs/` that are generated, by their file name. */
import { commandReference } from './commandReference.ts';
import { configReference } from './configReference.ts';
import { errorReference } from './errorReference.ts';
import { protocolReference } from './protocolReference.ts';

export const PAGES: Readonly<Record<string, () => string>> = {
  'commands.md': commandReference,
  'config.md': configReference,
  'errors.md': errorReference,
  'protocol.md': protocolReference,
};
