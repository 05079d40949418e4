/** Which role may call what: one line for every RPC, held against the .proto files by a test. */
import type { Role } from '../security/role.ts';

const PEOPLE: readonly Role[] = ['client', 'admin'];
const WORKERS: readonly Role[] = ['worker', 'admin'];
const ADMINS: readonly Role[] = ['admin'];
const ALL: readonly Role[] = ['client', 'worker', 'admin'];

export const PERMISSIONS: ReadonlyMap<string, readonly Role[]> = new Map([
  ['/ganglion.v1.RunService/CreateRun', PEOPLE],
  ['/ganglion.v1.RunService/GetRun', PEOPLE],
  ['/ganglion.v1.RunService/ListRuns', PEOPLE],
  ['/ganglion.v1.RunService/WatchRun', PEOPLE],
  ['/ganglion.v1.RunService/PauseRun', PEOPLE],
  ['/ganglion.v1.RunService/ResumeRun', PEOPLE],
  ['/ganglion.v1.RunService/CancelRun', PEOPLE],
  ['/ganglion.v1.RunService/ListArtifacts', PEOPLE],
  ['/ganglion.v1.RunService/FetchArtifact', PEOPLE],
  ['/ganglion.v1.RunService/TraceRun', PEOPLE],
  ['/ganglion.v1.FleetService/ListWorkers', PEOPLE],
  // They take from everybody's runs, not from one.
  ['/ganglion.v1.FleetService/DrainWorker', ADMINS],
  ['/ganglion.v1.ChaosService/Inject', ADMINS],
  ['/ganglion.v1.WorkerService/Control', WORKERS],
  ['/ganglion.v1.TransferService/StreamMinibatches', WORKERS],
  ['/ganglion.v1.TransferService/DownloadState', WORKERS],
  ['/ganglion.v1.TransferService/UploadState', WORKERS],
  ['/ganglion.v1.CollectiveService/Reduce', WORKERS],
  // What the port is: for probes and grpcurl of whoever may be here at all.
  ['/grpc.health.v1.Health/Check', ALL],
  ['/grpc.health.v1.Health/Watch', ALL],
  ['/grpc.health.v1.Health/List', ALL],
  ['/grpc.reflection.v1.ServerReflection/ServerReflectionInfo', ALL],
  ['/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo', ALL],
]);
