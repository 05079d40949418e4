/** The pages of `docs/` that are generated, by their file name. */
import { alarmIndex, alarmPages } from './alarms/alarmPages.ts';
import { alertIndex, alertPages } from './alerts/alertPages.ts';
import { commandReference } from './commandReference.ts';
import { configReference } from './configReference.ts';
import { schemaPages } from './documents.ts';
import { errorIndex, errorPages } from './errors/errorPages.ts';
import { licenceReference } from './licenceReference.ts';
import { protocolReference } from './protocolReference.ts';

export const PAGES: Readonly<Record<string, () => string>> = {
  'alarms.md': alarmIndex,
  ...alarmPages(),
  'alerts.md': alertIndex,
  ...alertPages(),
  'commands.md': commandReference,
  'config.md': configReference,
  'errors.md': errorIndex,
  ...errorPages(),
  'licences.md': licenceReference,
  'protocol.md': protocolReference,
  ...schemaPages(),
};
