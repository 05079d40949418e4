// Original file: proto/ganglion/v1/worker.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CoordinatorMessage as _ganglion_v1_CoordinatorMessage, CoordinatorMessage__Output as _ganglion_v1_CoordinatorMessage__Output } from '../../ganglion/v1/CoordinatorMessage.ts';
import type { WorkerMessage as _ganglion_v1_WorkerMessage, WorkerMessage__Output as _ganglion_v1_WorkerMessage__Output } from '../../ganglion/v1/WorkerMessage.ts';

/**
 * Control. The worker dials; the stream is its session: when it ends, the worker counts as lost.
 */
export interface WorkerServiceClient extends grpc.Client {
  /**
   * First message: Hello. The coordinator answers Welcome or Refused.
   */
  Control(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_ganglion_v1_WorkerMessage, _ganglion_v1_CoordinatorMessage__Output>;
  Control(options?: grpc.CallOptions): grpc.ClientDuplexStream<_ganglion_v1_WorkerMessage, _ganglion_v1_CoordinatorMessage__Output>;
  /**
   * First message: Hello. The coordinator answers Welcome or Refused.
   */
  control(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_ganglion_v1_WorkerMessage, _ganglion_v1_CoordinatorMessage__Output>;
  control(options?: grpc.CallOptions): grpc.ClientDuplexStream<_ganglion_v1_WorkerMessage, _ganglion_v1_CoordinatorMessage__Output>;
  
}

/**
 * Control. The worker dials; the stream is its session: when it ends, the worker counts as lost.
 */
export interface WorkerServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * First message: Hello. The coordinator answers Welcome or Refused.
   */
  Control: grpc.handleBidiStreamingCall<_ganglion_v1_WorkerMessage__Output, _ganglion_v1_CoordinatorMessage>;
  
}

export interface WorkerServiceDefinition extends grpc.ServiceDefinition {
  Control: MethodDefinition<_ganglion_v1_WorkerMessage, _ganglion_v1_CoordinatorMessage, _ganglion_v1_WorkerMessage__Output, _ganglion_v1_CoordinatorMessage__Output>
}
