// Original file: proto/ganglion/v1/worker.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { DownloadStateRequest as _ganglion_v1_DownloadStateRequest, DownloadStateRequest__Output as _ganglion_v1_DownloadStateRequest__Output } from '../../ganglion/v1/DownloadStateRequest.ts';
import type { MinibatchChunk as _ganglion_v1_MinibatchChunk, MinibatchChunk__Output as _ganglion_v1_MinibatchChunk__Output } from '../../ganglion/v1/MinibatchChunk.ts';
import type { MinibatchCredit as _ganglion_v1_MinibatchCredit, MinibatchCredit__Output as _ganglion_v1_MinibatchCredit__Output } from '../../ganglion/v1/MinibatchCredit.ts';
import type { StateChunk as _ganglion_v1_StateChunk, StateChunk__Output as _ganglion_v1_StateChunk__Output } from '../../ganglion/v1/StateChunk.ts';
import type { UploadStateRequest as _ganglion_v1_UploadStateRequest, UploadStateRequest__Output as _ganglion_v1_UploadStateRequest__Output } from '../../ganglion/v1/UploadStateRequest.ts';
import type { UploadStateResponse as _ganglion_v1_UploadStateResponse, UploadStateResponse__Output as _ganglion_v1_UploadStateResponse__Output } from '../../ganglion/v1/UploadStateResponse.ts';

/**
 * Bulk bytes between a worker and the coordinator. The receiver of large data is the client wherever it can be.
 */
export interface TransferServiceClient extends grpc.Client {
  /**
   * The state that an assignment starts from, or that an EvaluationOrder asks to measure.
   */
  DownloadState(argument: _ganglion_v1_DownloadStateRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_ganglion_v1_StateChunk__Output>;
  DownloadState(argument: _ganglion_v1_DownloadStateRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_ganglion_v1_StateChunk__Output>;
  /**
   * The state that an assignment starts from, or that an EvaluationOrder asks to measure.
   */
  downloadState(argument: _ganglion_v1_DownloadStateRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_ganglion_v1_StateChunk__Output>;
  downloadState(argument: _ganglion_v1_DownloadStateRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_ganglion_v1_StateChunk__Output>;
  
  /**
   * Minibatches ahead of the phases that need them. The worker sends credit; at most that many are under way.
   */
  StreamMinibatches(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_ganglion_v1_MinibatchCredit, _ganglion_v1_MinibatchChunk__Output>;
  StreamMinibatches(options?: grpc.CallOptions): grpc.ClientDuplexStream<_ganglion_v1_MinibatchCredit, _ganglion_v1_MinibatchChunk__Output>;
  /**
   * Minibatches ahead of the phases that need them. The worker sends credit; at most that many are under way.
   */
  streamMinibatches(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_ganglion_v1_MinibatchCredit, _ganglion_v1_MinibatchChunk__Output>;
  streamMinibatches(options?: grpc.CallOptions): grpc.ClientDuplexStream<_ganglion_v1_MinibatchCredit, _ganglion_v1_MinibatchChunk__Output>;
  
  /**
   * A worker's state, for a checkpoint. The answer comes when it is durable.
   */
  UploadState(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_UploadStateResponse__Output>): grpc.ClientWritableStream<_ganglion_v1_UploadStateRequest>;
  UploadState(metadata: grpc.Metadata, callback: grpc.requestCallback<_ganglion_v1_UploadStateResponse__Output>): grpc.ClientWritableStream<_ganglion_v1_UploadStateRequest>;
  UploadState(options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_UploadStateResponse__Output>): grpc.ClientWritableStream<_ganglion_v1_UploadStateRequest>;
  UploadState(callback: grpc.requestCallback<_ganglion_v1_UploadStateResponse__Output>): grpc.ClientWritableStream<_ganglion_v1_UploadStateRequest>;
  /**
   * A worker's state, for a checkpoint. The answer comes when it is durable.
   */
  uploadState(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_UploadStateResponse__Output>): grpc.ClientWritableStream<_ganglion_v1_UploadStateRequest>;
  uploadState(metadata: grpc.Metadata, callback: grpc.requestCallback<_ganglion_v1_UploadStateResponse__Output>): grpc.ClientWritableStream<_ganglion_v1_UploadStateRequest>;
  uploadState(options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_UploadStateResponse__Output>): grpc.ClientWritableStream<_ganglion_v1_UploadStateRequest>;
  uploadState(callback: grpc.requestCallback<_ganglion_v1_UploadStateResponse__Output>): grpc.ClientWritableStream<_ganglion_v1_UploadStateRequest>;
  
}

/**
 * Bulk bytes between a worker and the coordinator. The receiver of large data is the client wherever it can be.
 */
export interface TransferServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * The state that an assignment starts from, or that an EvaluationOrder asks to measure.
   */
  DownloadState: grpc.handleServerStreamingCall<_ganglion_v1_DownloadStateRequest__Output, _ganglion_v1_StateChunk>;
  
  /**
   * Minibatches ahead of the phases that need them. The worker sends credit; at most that many are under way.
   */
  StreamMinibatches: grpc.handleBidiStreamingCall<_ganglion_v1_MinibatchCredit__Output, _ganglion_v1_MinibatchChunk>;
  
  /**
   * A worker's state, for a checkpoint. The answer comes when it is durable.
   */
  UploadState: grpc.handleClientStreamingCall<_ganglion_v1_UploadStateRequest__Output, _ganglion_v1_UploadStateResponse>;
  
}

export interface TransferServiceDefinition extends grpc.ServiceDefinition {
  DownloadState: MethodDefinition<_ganglion_v1_DownloadStateRequest, _ganglion_v1_StateChunk, _ganglion_v1_DownloadStateRequest__Output, _ganglion_v1_StateChunk__Output>
  StreamMinibatches: MethodDefinition<_ganglion_v1_MinibatchCredit, _ganglion_v1_MinibatchChunk, _ganglion_v1_MinibatchCredit__Output, _ganglion_v1_MinibatchChunk__Output>
  UploadState: MethodDefinition<_ganglion_v1_UploadStateRequest, _ganglion_v1_UploadStateResponse, _ganglion_v1_UploadStateRequest__Output, _ganglion_v1_UploadStateResponse__Output>
}
