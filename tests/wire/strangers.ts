/** Clients that know nothing of this program, as grpcurl, a probe or another team's would be. */
import { join } from 'node:path';
import { Client, credentials, type GrpcObject, loadPackageDefinition, type ServiceError } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { protoPath } from 'grpc-health-check';
import { onTestFinished } from 'vitest';
import { packageRoot } from '../../services/config/packageRoot.ts';

const REFLECTION = join(packageRoot(), 'node_modules/@grpc/reflection/build/proto/grpc/reflection/v1/reflection.proto');
const NAMES = { longs: Number, enums: String, oneofs: true };

function dial(address: string): Client {
  const client = new Client(address, credentials.createInsecure());
  onTestFinished(() => client.close());
  return client;
}

/** The first answer to one message on a call, both as bytes; rejects with the call's status. */
export async function ask(address: string, path: string, bytes: Uint8Array): Promise<Buffer> {
  const call = dial(address).makeBidiStreamRequest(
    path,
    (message: Uint8Array) => Buffer.from(message),
    (answer) => answer,
  );
  const answer = new Promise<Buffer>((resolve, reject) => {
    call.on('data', resolve);
    call.on('error', (error: ServiceError) => reject(error));
    call.on('end', () => reject(new Error('no answer')));
  });
  call.write(bytes);
  call.end();
  return answer;
}

/** What a probe asks. */
export async function askHealth(address: string, service: string): Promise<object> {
  const { Health } = servicesOf(protoPath, ['grpc', 'health', 'v1']);
  return askTyped(address, Health?.service.Check, { service });
}

/** What grpcurl asks. */
export async function askReflection(address: string, request: object): Promise<object> {
  const { ServerReflection } = servicesOf(REFLECTION, ['grpc', 'reflection', 'v1']);
  return askTyped(address, ServerReflection?.service.ServerReflectionInfo, request);
}

interface Method {
  readonly path: string;
  requestSerialize(request: object): Buffer;
  responseDeserialize(bytes: Buffer): object;
}

async function askTyped(address: string, method: Method | undefined, request: object): Promise<object> {
  if (!method) throw new Error('no such method');
  return method.responseDeserialize(await ask(address, method.path, method.requestSerialize(request)));
}

function servicesOf(
  proto: string,
  packageName: readonly string[],
): Record<string, { service: Record<string, Method> }> {
  let found: unknown = loadPackageDefinition(loadSync(proto, NAMES));
  for (const part of packageName) found = (found as GrpcObject)[part];
  return found as Record<string, { service: Record<string, Method> }>;
}
