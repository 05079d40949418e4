/** Looks at who calls before a call reaches its handler: nothing of a refused call is read. */
import { type Metadata, ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js';
import { type Caller, refusalOf, STRANGER } from '../security/caller.ts';
import { roleOfToken, type TokenRoles } from '../security/tokens.ts';
import { PERMISSIONS } from './permissions.ts';
import { toStatus } from './status.ts';

export interface Gate {
  /** Who is at the other end of a connection from HOST, PORT. */
  callerAt(host: string | undefined, port: number | undefined): Caller | undefined;
  /** Undefined where no tokens are taken. */
  tokens(): TokenRoles | undefined;
}

export function gatekeeper(gate: Gate): ServerInterceptor {
  return (method, call) =>
    new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, pass) => {
            const { remoteAddress, remotePort } = call.getConnectionInfo();
            const refusal = refusalOf(
              gate.callerAt(remoteAddress, remotePort) ?? STRANGER,
              tokenIn(metadata, gate.tokens()),
              // A call without a line in the table is nobody's.
              PERMISSIONS.get(method.path) ?? [],
              method.path.slice(1),
              Date.now(),
            );
            if (refusal) call.sendStatus(toStatus(refusal));
            else pass(metadata);
          },
        }),
    });
}

function tokenIn(metadata: Metadata, roles: TokenRoles | undefined) {
  const [header] = metadata.get('authorization');
  // Secrets do not stay in what handlers see.
  metadata.remove('authorization');
  if (header === undefined || !roles) return undefined;
  const token = /^Bearer (\S+)$/i.exec(String(header))?.[1];
  return { role: token === undefined ? undefined : roleOfToken(roles, token) };
}
