/** The pages of `docs/` that are generated, by their file name. */
import { alarmReference } from './alarmReference.ts';
import { commandReference } from './commandReference.ts';
import { configReference } from './configReference.ts';
import { errorReference } from './errorReference.ts';
import { licenceReference } from './licenceReference.ts';
import { protocolReference } from './protocolReference.ts';

export const PAGES: Readonly<Record<string, () => string>> = {
  'alarms.md': alarmReference,
  'commands.md': commandReference,
  'config.md': configReference,
  'errors.md': errorReference,
  'licences.md': licenceReference,
  'protocol.md': protocolReference,
};
