/** The one place where the .proto files are loaded. Nothing outside this room sees proto-loader or generated types. */
import { join } from 'node:path';
import { loadPackageDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { packageRoot } from '../config/packageRoot.ts';
import type { ProtoGrpcType as CollectiveProto } from './generated/collective.ts';
import type { ProtoGrpcType as RunProto } from './generated/run.ts';
import type { ProtoGrpcType as WorkerProto } from './generated/worker.ts';

const protoFolder = join(packageRoot(), 'proto');

export const packageDefinition = loadSync(
  ['ganglion/v1/run.proto', 'ganglion/v1/worker.proto', 'ganglion/v1/collective.proto'],
  {
    includeDirs: [protoFolder],
    longs: Number,
    enums: String,
    defaults: true,
    arrays: true,
    oneofs: true,
  },
);

const loaded = loadPackageDefinition(packageDefinition) as unknown as RunProto & WorkerProto & CollectiveProto;

/** Service definitions and client constructors of package ganglion.v1. */
export const ganglionV1 = loaded.ganglion.v1;
