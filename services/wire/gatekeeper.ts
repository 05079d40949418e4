/** Looks at who calls before a call reaches its handler: nothing of a refused call is read. */
import { type Metadata, ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js';
import { type Caller, refusalOf, type ShownToken } from '../security/caller.ts';
import { roleOfToken, type TokenRoles } from '../security/tokens.ts';
import { PERMISSIONS } from './permissions.ts';
import { toStatus } from './status.ts';

/** `tokens` gives undefined where none are taken. */
export function gatekeeper(caller: Caller, tokens: () => TokenRoles | undefined): ServerInterceptor {
  return (method, call) =>
    new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, pass) => {
            const token = tokenIn(metadata, tokens());
            // A call without a line in the table is nobody's.
            const allowed = PERMISSIONS.get(method.path) ?? [];
            const refusal = refusalOf(caller, token, allowed, method.path.slice(1), Date.now());
            if (refusal) call.sendStatus(toStatus(refusal));
            else pass(metadata);
          },
        }),
    });
}

function tokenIn(metadata: Metadata, roles: TokenRoles | undefined): ShownToken | undefined {
  const [header] = metadata.get('authorization');
  // Secrets do not stay in what handlers see.
  metadata.remove('authorization');
  if (header === undefined) return undefined;
  const token = /^Bearer (\S+)$/i.exec(String(header))?.[1];
  const role = token === undefined || !roles ? undefined : roleOfToken(roles, token);
  return { taken: roles !== undefined, role };
}
