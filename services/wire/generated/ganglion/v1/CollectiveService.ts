// Original file: proto/ganglion/v1/collective.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ReduceReply as _ganglion_v1_ReduceReply, ReduceReply__Output as _ganglion_v1_ReduceReply__Output } from '../../ganglion/v1/ReduceReply.ts';
import type { ReduceRequest as _ganglion_v1_ReduceRequest, ReduceRequest__Output as _ganglion_v1_ReduceRequest__Output } from '../../ganglion/v1/ReduceRequest.ts';

/**
 * The star all-reduce: workers send partial sums, the coordinator adds them in the fixed tree order and returns the sum.
 */
export interface CollectiveServiceClient extends grpc.Client {
  /**
   * One stream a worker and generation. The first message only joins; then every phase's chunks follow in order.
   */
  Reduce(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_ganglion_v1_ReduceRequest, _ganglion_v1_ReduceReply__Output>;
  Reduce(options?: grpc.CallOptions): grpc.ClientDuplexStream<_ganglion_v1_ReduceRequest, _ganglion_v1_ReduceReply__Output>;
  /**
   * One stream a worker and generation. The first message only joins; then every phase's chunks follow in order.
   */
  reduce(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_ganglion_v1_ReduceRequest, _ganglion_v1_ReduceReply__Output>;
  reduce(options?: grpc.CallOptions): grpc.ClientDuplexStream<_ganglion_v1_ReduceRequest, _ganglion_v1_ReduceReply__Output>;
  
}

/**
 * The star all-reduce: workers send partial sums, the coordinator adds them in the fixed tree order and returns the sum.
 */
export interface CollectiveServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * One stream a worker and generation. The first message only joins; then every phase's chunks follow in order.
   */
  Reduce: grpc.handleBidiStreamingCall<_ganglion_v1_ReduceRequest__Output, _ganglion_v1_ReduceReply>;
  
}

export interface CollectiveServiceDefinition extends grpc.ServiceDefinition {
  Reduce: MethodDefinition<_ganglion_v1_ReduceRequest, _ganglion_v1_ReduceReply, _ganglion_v1_ReduceRequest__Output, _ganglion_v1_ReduceReply__Output>
}
