// Original file: proto/ganglion/v1/run.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { DrainWorkerRequest as _ganglion_v1_DrainWorkerRequest, DrainWorkerRequest__Output as _ganglion_v1_DrainWorkerRequest__Output } from '../../ganglion/v1/DrainWorkerRequest.ts';
import type { DrainWorkerResponse as _ganglion_v1_DrainWorkerResponse, DrainWorkerResponse__Output as _ganglion_v1_DrainWorkerResponse__Output } from '../../ganglion/v1/DrainWorkerResponse.ts';
import type { ListWorkersRequest as _ganglion_v1_ListWorkersRequest, ListWorkersRequest__Output as _ganglion_v1_ListWorkersRequest__Output } from '../../ganglion/v1/ListWorkersRequest.ts';
import type { ListWorkersResponse as _ganglion_v1_ListWorkersResponse, ListWorkersResponse__Output as _ganglion_v1_ListWorkersResponse__Output } from '../../ganglion/v1/ListWorkersResponse.ts';

/**
 * Shows the workers. Kept apart from RunService, so that roles can differ.
 */
export interface FleetServiceClient extends grpc.Client {
  /**
   * Asks a worker to finish its phase, to hand over what only it has, and to end. NOT_FOUND where it is not connected.
   */
  DrainWorker(argument: _ganglion_v1_DrainWorkerRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_DrainWorkerResponse__Output>): grpc.ClientUnaryCall;
  DrainWorker(argument: _ganglion_v1_DrainWorkerRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ganglion_v1_DrainWorkerResponse__Output>): grpc.ClientUnaryCall;
  DrainWorker(argument: _ganglion_v1_DrainWorkerRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_DrainWorkerResponse__Output>): grpc.ClientUnaryCall;
  DrainWorker(argument: _ganglion_v1_DrainWorkerRequest, callback: grpc.requestCallback<_ganglion_v1_DrainWorkerResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Asks a worker to finish its phase, to hand over what only it has, and to end. NOT_FOUND where it is not connected.
   */
  drainWorker(argument: _ganglion_v1_DrainWorkerRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_DrainWorkerResponse__Output>): grpc.ClientUnaryCall;
  drainWorker(argument: _ganglion_v1_DrainWorkerRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ganglion_v1_DrainWorkerResponse__Output>): grpc.ClientUnaryCall;
  drainWorker(argument: _ganglion_v1_DrainWorkerRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_DrainWorkerResponse__Output>): grpc.ClientUnaryCall;
  drainWorker(argument: _ganglion_v1_DrainWorkerRequest, callback: grpc.requestCallback<_ganglion_v1_DrainWorkerResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Every connected worker, by id.
   */
  ListWorkers(argument: _ganglion_v1_ListWorkersRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_ListWorkersResponse__Output>): grpc.ClientUnaryCall;
  ListWorkers(argument: _ganglion_v1_ListWorkersRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ganglion_v1_ListWorkersResponse__Output>): grpc.ClientUnaryCall;
  ListWorkers(argument: _ganglion_v1_ListWorkersRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_ListWorkersResponse__Output>): grpc.ClientUnaryCall;
  ListWorkers(argument: _ganglion_v1_ListWorkersRequest, callback: grpc.requestCallback<_ganglion_v1_ListWorkersResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Every connected worker, by id.
   */
  listWorkers(argument: _ganglion_v1_ListWorkersRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_ListWorkersResponse__Output>): grpc.ClientUnaryCall;
  listWorkers(argument: _ganglion_v1_ListWorkersRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ganglion_v1_ListWorkersResponse__Output>): grpc.ClientUnaryCall;
  listWorkers(argument: _ganglion_v1_ListWorkersRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_ListWorkersResponse__Output>): grpc.ClientUnaryCall;
  listWorkers(argument: _ganglion_v1_ListWorkersRequest, callback: grpc.requestCallback<_ganglion_v1_ListWorkersResponse__Output>): grpc.ClientUnaryCall;
  
}

/**
 * Shows the workers. Kept apart from RunService, so that roles can differ.
 */
export interface FleetServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Asks a worker to finish its phase, to hand over what only it has, and to end. NOT_FOUND where it is not connected.
   */
  DrainWorker: grpc.handleUnaryCall<_ganglion_v1_DrainWorkerRequest__Output, _ganglion_v1_DrainWorkerResponse>;
  
  /**
   * Every connected worker, by id.
   */
  ListWorkers: grpc.handleUnaryCall<_ganglion_v1_ListWorkersRequest__Output, _ganglion_v1_ListWorkersResponse>;
  
}

export interface FleetServiceDefinition extends grpc.ServiceDefinition {
  DrainWorker: MethodDefinition<_ganglion_v1_DrainWorkerRequest, _ganglion_v1_DrainWorkerResponse, _ganglion_v1_DrainWorkerRequest__Output, _ganglion_v1_DrainWorkerResponse__Output>
  ListWorkers: MethodDefinition<_ganglion_v1_ListWorkersRequest, _ganglion_v1_ListWorkersResponse, _ganglion_v1_ListWorkersRequest__Output, _ganglion_v1_ListWorkersResponse__Output>
}
