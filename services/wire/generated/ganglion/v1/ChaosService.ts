// Original file: proto/ganglion/v1/run.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { InjectRequest as _ganglion_v1_InjectRequest, InjectRequest__Output as _ganglion_v1_InjectRequest__Output } from '../../ganglion/v1/InjectRequest.ts';
import type { InjectResponse as _ganglion_v1_InjectResponse, InjectResponse__Output as _ganglion_v1_InjectResponse__Output } from '../../ganglion/v1/InjectResponse.ts';

/**
 * Breaks things on purpose, on a cluster that was started with --allow-chaos: for tests and staging.
 */
export interface ChaosServiceClient extends grpc.Client {
  /**
   * Lets one worker, or the coordinator, meet a fault. PERMISSION_DENIED where chaos is not allowed.
   */
  Inject(argument: _ganglion_v1_InjectRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_InjectResponse__Output>): grpc.ClientUnaryCall;
  Inject(argument: _ganglion_v1_InjectRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ganglion_v1_InjectResponse__Output>): grpc.ClientUnaryCall;
  Inject(argument: _ganglion_v1_InjectRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_InjectResponse__Output>): grpc.ClientUnaryCall;
  Inject(argument: _ganglion_v1_InjectRequest, callback: grpc.requestCallback<_ganglion_v1_InjectResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Lets one worker, or the coordinator, meet a fault. PERMISSION_DENIED where chaos is not allowed.
   */
  inject(argument: _ganglion_v1_InjectRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_InjectResponse__Output>): grpc.ClientUnaryCall;
  inject(argument: _ganglion_v1_InjectRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ganglion_v1_InjectResponse__Output>): grpc.ClientUnaryCall;
  inject(argument: _ganglion_v1_InjectRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_InjectResponse__Output>): grpc.ClientUnaryCall;
  inject(argument: _ganglion_v1_InjectRequest, callback: grpc.requestCallback<_ganglion_v1_InjectResponse__Output>): grpc.ClientUnaryCall;
  
}

/**
 * Breaks things on purpose, on a cluster that was started with --allow-chaos: for tests and staging.
 */
export interface ChaosServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Lets one worker, or the coordinator, meet a fault. PERMISSION_DENIED where chaos is not allowed.
   */
  Inject: grpc.handleUnaryCall<_ganglion_v1_InjectRequest__Output, _ganglion_v1_InjectResponse>;
  
}

export interface ChaosServiceDefinition extends grpc.ServiceDefinition {
  Inject: MethodDefinition<_ganglion_v1_InjectRequest, _ganglion_v1_InjectResponse, _ganglion_v1_InjectRequest__Output, _ganglion_v1_InjectResponse__Output>
}
