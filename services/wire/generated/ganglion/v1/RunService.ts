// Original file: proto/ganglion/v1/run.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ArtifactChunk as _ganglion_v1_ArtifactChunk, ArtifactChunk__Output as _ganglion_v1_ArtifactChunk__Output } from '../../ganglion/v1/ArtifactChunk.ts';
import type { CancelRunRequest as _ganglion_v1_CancelRunRequest, CancelRunRequest__Output as _ganglion_v1_CancelRunRequest__Output } from '../../ganglion/v1/CancelRunRequest.ts';
import type { CancelRunResponse as _ganglion_v1_CancelRunResponse, CancelRunResponse__Output as _ganglion_v1_CancelRunResponse__Output } from '../../ganglion/v1/CancelRunResponse.ts';
import type { CreateRunRequest as _ganglion_v1_CreateRunRequest, CreateRunRequest__Output as _ganglion_v1_CreateRunRequest__Output } from '../../ganglion/v1/CreateRunRequest.ts';
import type { CreateRunResponse as _ganglion_v1_CreateRunResponse, CreateRunResponse__Output as _ganglion_v1_CreateRunResponse__Output } from '../../ganglion/v1/CreateRunResponse.ts';
import type { FetchArtifactRequest as _ganglion_v1_FetchArtifactRequest, FetchArtifactRequest__Output as _ganglion_v1_FetchArtifactRequest__Output } from '../../ganglion/v1/FetchArtifactRequest.ts';
import type { GetRunRequest as _ganglion_v1_GetRunRequest, GetRunRequest__Output as _ganglion_v1_GetRunRequest__Output } from '../../ganglion/v1/GetRunRequest.ts';
import type { GetRunResponse as _ganglion_v1_GetRunResponse, GetRunResponse__Output as _ganglion_v1_GetRunResponse__Output } from '../../ganglion/v1/GetRunResponse.ts';
import type { ListArtifactsRequest as _ganglion_v1_ListArtifactsRequest, ListArtifactsRequest__Output as _ganglion_v1_ListArtifactsRequest__Output } from '../../ganglion/v1/ListArtifactsRequest.ts';
import type { ListArtifactsResponse as _ganglion_v1_ListArtifactsResponse, ListArtifactsResponse__Output as _ganglion_v1_ListArtifactsResponse__Output } from '../../ganglion/v1/ListArtifactsResponse.ts';
import type { ListRunsRequest as _ganglion_v1_ListRunsRequest, ListRunsRequest__Output as _ganglion_v1_ListRunsRequest__Output } from '../../ganglion/v1/ListRunsRequest.ts';
import type { ListRunsResponse as _ganglion_v1_ListRunsResponse, ListRunsResponse__Output as _ganglion_v1_ListRunsResponse__Output } from '../../ganglion/v1/ListRunsResponse.ts';
import type { PauseRunRequest as _ganglion_v1_PauseRunRequest, PauseRunRequest__Output as _ganglion_v1_PauseRunRequest__Output } from '../../ganglion/v1/PauseRunRequest.ts';
import type { PauseRunResponse as _ganglion_v1_PauseRunResponse, PauseRunResponse__Output as _ganglion_v1_PauseRunResponse__Output } from '../../ganglion/v1/PauseRunResponse.ts';
import type { ResumeRunRequest as _ganglion_v1_ResumeRunRequest, ResumeRunRequest__Output as _ganglion_v1_ResumeRunRequest__Output } from '../../ganglion/v1/ResumeRunRequest.ts';
import type { ResumeRunResponse as _ganglion_v1_ResumeRunResponse, ResumeRunResponse__Output as _ganglion_v1_ResumeRunResponse__Output } from '../../ganglion/v1/ResumeRunResponse.ts';
import type { RunEvent as _ganglion_v1_RunEvent, RunEvent__Output as _ganglion_v1_RunEvent__Output } from '../../ganglion/v1/RunEvent.ts';
import type { TracePart as _ganglion_v1_TracePart, TracePart__Output as _ganglion_v1_TracePart__Output } from '../../ganglion/v1/TracePart.ts';
import type { TraceRunRequest as _ganglion_v1_TraceRunRequest, TraceRunRequest__Output as _ganglion_v1_TraceRunRequest__Output } from '../../ganglion/v1/TraceRunRequest.ts';
import type { WatchRunRequest as _ganglion_v1_WatchRunRequest, WatchRunRequest__Output as _ganglion_v1_WatchRunRequest__Output } from '../../ganglion/v1/WatchRunRequest.ts';

/**
 * Launches, lists, watches and steers runs. Every call is answered by one coordinator.
 */
export interface RunServiceClient extends grpc.Client {
  /**
   * Ends a run for good at a phase boundary, keeping its newest checkpoint.
   */
  CancelRun(argument: _ganglion_v1_CancelRunRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_CancelRunResponse__Output>): grpc.ClientUnaryCall;
  CancelRun(argument: _ganglion_v1_CancelRunRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ganglion_v1_CancelRunResponse__Output>): grpc.ClientUnaryCall;
  CancelRun(argument: _ganglion_v1_CancelRunRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_CancelRunResponse__Output>): grpc.ClientUnaryCall;
  CancelRun(argument: _ganglion_v1_CancelRunRequest, callback: grpc.requestCallback<_ganglion_v1_CancelRunResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Ends a run for good at a phase boundary, keeping its newest checkpoint.
   */
  cancelRun(argument: _ganglion_v1_CancelRunRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_CancelRunResponse__Output>): grpc.ClientUnaryCall;
  cancelRun(argument: _ganglion_v1_CancelRunRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ganglion_v1_CancelRunResponse__Output>): grpc.ClientUnaryCall;
  cancelRun(argument: _ganglion_v1_CancelRunRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_CancelRunResponse__Output>): grpc.ClientUnaryCall;
  cancelRun(argument: _ganglion_v1_CancelRunRequest, callback: grpc.requestCallback<_ganglion_v1_CancelRunResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Validates a config and queues a run. INVALID_ARGUMENT names the field, what was found and what is allowed.
   */
  CreateRun(argument: _ganglion_v1_CreateRunRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_CreateRunResponse__Output>): grpc.ClientUnaryCall;
  CreateRun(argument: _ganglion_v1_CreateRunRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ganglion_v1_CreateRunResponse__Output>): grpc.ClientUnaryCall;
  CreateRun(argument: _ganglion_v1_CreateRunRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_CreateRunResponse__Output>): grpc.ClientUnaryCall;
  CreateRun(argument: _ganglion_v1_CreateRunRequest, callback: grpc.requestCallback<_ganglion_v1_CreateRunResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Validates a config and queues a run. INVALID_ARGUMENT names the field, what was found and what is allowed.
   */
  createRun(argument: _ganglion_v1_CreateRunRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_CreateRunResponse__Output>): grpc.ClientUnaryCall;
  createRun(argument: _ganglion_v1_CreateRunRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ganglion_v1_CreateRunResponse__Output>): grpc.ClientUnaryCall;
  createRun(argument: _ganglion_v1_CreateRunRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_CreateRunResponse__Output>): grpc.ClientUnaryCall;
  createRun(argument: _ganglion_v1_CreateRunRequest, callback: grpc.requestCallback<_ganglion_v1_CreateRunResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * The bytes of one file of the run folder.
   */
  FetchArtifact(argument: _ganglion_v1_FetchArtifactRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_ganglion_v1_ArtifactChunk__Output>;
  FetchArtifact(argument: _ganglion_v1_FetchArtifactRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_ganglion_v1_ArtifactChunk__Output>;
  /**
   * The bytes of one file of the run folder.
   */
  fetchArtifact(argument: _ganglion_v1_FetchArtifactRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_ganglion_v1_ArtifactChunk__Output>;
  fetchArtifact(argument: _ganglion_v1_FetchArtifactRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_ganglion_v1_ArtifactChunk__Output>;
  
  /**
   * One run. NOT_FOUND names the nearest run id.
   */
  GetRun(argument: _ganglion_v1_GetRunRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_GetRunResponse__Output>): grpc.ClientUnaryCall;
  GetRun(argument: _ganglion_v1_GetRunRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ganglion_v1_GetRunResponse__Output>): grpc.ClientUnaryCall;
  GetRun(argument: _ganglion_v1_GetRunRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_GetRunResponse__Output>): grpc.ClientUnaryCall;
  GetRun(argument: _ganglion_v1_GetRunRequest, callback: grpc.requestCallback<_ganglion_v1_GetRunResponse__Output>): grpc.ClientUnaryCall;
  /**
   * One run. NOT_FOUND names the nearest run id.
   */
  getRun(argument: _ganglion_v1_GetRunRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_GetRunResponse__Output>): grpc.ClientUnaryCall;
  getRun(argument: _ganglion_v1_GetRunRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ganglion_v1_GetRunResponse__Output>): grpc.ClientUnaryCall;
  getRun(argument: _ganglion_v1_GetRunRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_GetRunResponse__Output>): grpc.ClientUnaryCall;
  getRun(argument: _ganglion_v1_GetRunRequest, callback: grpc.requestCallback<_ganglion_v1_GetRunResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Names, sizes and hashes of a run's files.
   */
  ListArtifacts(argument: _ganglion_v1_ListArtifactsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_ListArtifactsResponse__Output>): grpc.ClientUnaryCall;
  ListArtifacts(argument: _ganglion_v1_ListArtifactsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ganglion_v1_ListArtifactsResponse__Output>): grpc.ClientUnaryCall;
  ListArtifacts(argument: _ganglion_v1_ListArtifactsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_ListArtifactsResponse__Output>): grpc.ClientUnaryCall;
  ListArtifacts(argument: _ganglion_v1_ListArtifactsRequest, callback: grpc.requestCallback<_ganglion_v1_ListArtifactsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Names, sizes and hashes of a run's files.
   */
  listArtifacts(argument: _ganglion_v1_ListArtifactsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_ListArtifactsResponse__Output>): grpc.ClientUnaryCall;
  listArtifacts(argument: _ganglion_v1_ListArtifactsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ganglion_v1_ListArtifactsResponse__Output>): grpc.ClientUnaryCall;
  listArtifacts(argument: _ganglion_v1_ListArtifactsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_ListArtifactsResponse__Output>): grpc.ClientUnaryCall;
  listArtifacts(argument: _ganglion_v1_ListArtifactsRequest, callback: grpc.requestCallback<_ganglion_v1_ListArtifactsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Every run that the coordinator knows, oldest first.
   */
  ListRuns(argument: _ganglion_v1_ListRunsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_ListRunsResponse__Output>): grpc.ClientUnaryCall;
  ListRuns(argument: _ganglion_v1_ListRunsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ganglion_v1_ListRunsResponse__Output>): grpc.ClientUnaryCall;
  ListRuns(argument: _ganglion_v1_ListRunsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_ListRunsResponse__Output>): grpc.ClientUnaryCall;
  ListRuns(argument: _ganglion_v1_ListRunsRequest, callback: grpc.requestCallback<_ganglion_v1_ListRunsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Every run that the coordinator knows, oldest first.
   */
  listRuns(argument: _ganglion_v1_ListRunsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_ListRunsResponse__Output>): grpc.ClientUnaryCall;
  listRuns(argument: _ganglion_v1_ListRunsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ganglion_v1_ListRunsResponse__Output>): grpc.ClientUnaryCall;
  listRuns(argument: _ganglion_v1_ListRunsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_ListRunsResponse__Output>): grpc.ClientUnaryCall;
  listRuns(argument: _ganglion_v1_ListRunsRequest, callback: grpc.requestCallback<_ganglion_v1_ListRunsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Stops a run at a phase boundary, keeps a checkpoint of it, and frees its workers.
   */
  PauseRun(argument: _ganglion_v1_PauseRunRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_PauseRunResponse__Output>): grpc.ClientUnaryCall;
  PauseRun(argument: _ganglion_v1_PauseRunRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ganglion_v1_PauseRunResponse__Output>): grpc.ClientUnaryCall;
  PauseRun(argument: _ganglion_v1_PauseRunRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_PauseRunResponse__Output>): grpc.ClientUnaryCall;
  PauseRun(argument: _ganglion_v1_PauseRunRequest, callback: grpc.requestCallback<_ganglion_v1_PauseRunResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Stops a run at a phase boundary, keeps a checkpoint of it, and frees its workers.
   */
  pauseRun(argument: _ganglion_v1_PauseRunRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_PauseRunResponse__Output>): grpc.ClientUnaryCall;
  pauseRun(argument: _ganglion_v1_PauseRunRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ganglion_v1_PauseRunResponse__Output>): grpc.ClientUnaryCall;
  pauseRun(argument: _ganglion_v1_PauseRunRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_PauseRunResponse__Output>): grpc.ClientUnaryCall;
  pauseRun(argument: _ganglion_v1_PauseRunRequest, callback: grpc.requestCallback<_ganglion_v1_PauseRunResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Queues a paused, failed or cancelled run again; it goes on from its newest checkpoint, bit-exact.
   */
  ResumeRun(argument: _ganglion_v1_ResumeRunRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_ResumeRunResponse__Output>): grpc.ClientUnaryCall;
  ResumeRun(argument: _ganglion_v1_ResumeRunRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ganglion_v1_ResumeRunResponse__Output>): grpc.ClientUnaryCall;
  ResumeRun(argument: _ganglion_v1_ResumeRunRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_ResumeRunResponse__Output>): grpc.ClientUnaryCall;
  ResumeRun(argument: _ganglion_v1_ResumeRunRequest, callback: grpc.requestCallback<_ganglion_v1_ResumeRunResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Queues a paused, failed or cancelled run again; it goes on from its newest checkpoint, bit-exact.
   */
  resumeRun(argument: _ganglion_v1_ResumeRunRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_ResumeRunResponse__Output>): grpc.ClientUnaryCall;
  resumeRun(argument: _ganglion_v1_ResumeRunRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ganglion_v1_ResumeRunResponse__Output>): grpc.ClientUnaryCall;
  resumeRun(argument: _ganglion_v1_ResumeRunRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ganglion_v1_ResumeRunResponse__Output>): grpc.ClientUnaryCall;
  resumeRun(argument: _ganglion_v1_ResumeRunRequest, callback: grpc.requestCallback<_ganglion_v1_ResumeRunResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Lets the run's workers and the coordinator record what they do when, in some phases; ends when those are over.
   * FAILED_PRECONDITION where a phase of them is over already, or the run does not go on.
   */
  TraceRun(argument: _ganglion_v1_TraceRunRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_ganglion_v1_TracePart__Output>;
  TraceRun(argument: _ganglion_v1_TraceRunRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_ganglion_v1_TracePart__Output>;
  /**
   * Lets the run's workers and the coordinator record what they do when, in some phases; ends when those are over.
   * FAILED_PRECONDITION where a phase of them is over already, or the run does not go on.
   */
  traceRun(argument: _ganglion_v1_TraceRunRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_ganglion_v1_TracePart__Output>;
  traceRun(argument: _ganglion_v1_TraceRunRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_ganglion_v1_TracePart__Output>;
  
  /**
   * A run's events from a sequence number on, then live ones; ends after the event of a final state.
   */
  WatchRun(argument: _ganglion_v1_WatchRunRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_ganglion_v1_RunEvent__Output>;
  WatchRun(argument: _ganglion_v1_WatchRunRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_ganglion_v1_RunEvent__Output>;
  /**
   * A run's events from a sequence number on, then live ones; ends after the event of a final state.
   */
  watchRun(argument: _ganglion_v1_WatchRunRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_ganglion_v1_RunEvent__Output>;
  watchRun(argument: _ganglion_v1_WatchRunRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_ganglion_v1_RunEvent__Output>;
  
}

/**
 * Launches, lists, watches and steers runs. Every call is answered by one coordinator.
 */
export interface RunServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Ends a run for good at a phase boundary, keeping its newest checkpoint.
   */
  CancelRun: grpc.handleUnaryCall<_ganglion_v1_CancelRunRequest__Output, _ganglion_v1_CancelRunResponse>;
  
  /**
   * Validates a config and queues a run. INVALID_ARGUMENT names the field, what was found and what is allowed.
   */
  CreateRun: grpc.handleUnaryCall<_ganglion_v1_CreateRunRequest__Output, _ganglion_v1_CreateRunResponse>;
  
  /**
   * The bytes of one file of the run folder.
   */
  FetchArtifact: grpc.handleServerStreamingCall<_ganglion_v1_FetchArtifactRequest__Output, _ganglion_v1_ArtifactChunk>;
  
  /**
   * One run. NOT_FOUND names the nearest run id.
   */
  GetRun: grpc.handleUnaryCall<_ganglion_v1_GetRunRequest__Output, _ganglion_v1_GetRunResponse>;
  
  /**
   * Names, sizes and hashes of a run's files.
   */
  ListArtifacts: grpc.handleUnaryCall<_ganglion_v1_ListArtifactsRequest__Output, _ganglion_v1_ListArtifactsResponse>;
  
  /**
   * Every run that the coordinator knows, oldest first.
   */
  ListRuns: grpc.handleUnaryCall<_ganglion_v1_ListRunsRequest__Output, _ganglion_v1_ListRunsResponse>;
  
  /**
   * Stops a run at a phase boundary, keeps a checkpoint of it, and frees its workers.
   */
  PauseRun: grpc.handleUnaryCall<_ganglion_v1_PauseRunRequest__Output, _ganglion_v1_PauseRunResponse>;
  
  /**
   * Queues a paused, failed or cancelled run again; it goes on from its newest checkpoint, bit-exact.
   */
  ResumeRun: grpc.handleUnaryCall<_ganglion_v1_ResumeRunRequest__Output, _ganglion_v1_ResumeRunResponse>;
  
  /**
   * Lets the run's workers and the coordinator record what they do when, in some phases; ends when those are over.
   * FAILED_PRECONDITION where a phase of them is over already, or the run does not go on.
   */
  TraceRun: grpc.handleServerStreamingCall<_ganglion_v1_TraceRunRequest__Output, _ganglion_v1_TracePart>;
  
  /**
   * A run's events from a sequence number on, then live ones; ends after the event of a final state.
   */
  WatchRun: grpc.handleServerStreamingCall<_ganglion_v1_WatchRunRequest__Output, _ganglion_v1_RunEvent>;
  
}

export interface RunServiceDefinition extends grpc.ServiceDefinition {
  CancelRun: MethodDefinition<_ganglion_v1_CancelRunRequest, _ganglion_v1_CancelRunResponse, _ganglion_v1_CancelRunRequest__Output, _ganglion_v1_CancelRunResponse__Output>
  CreateRun: MethodDefinition<_ganglion_v1_CreateRunRequest, _ganglion_v1_CreateRunResponse, _ganglion_v1_CreateRunRequest__Output, _ganglion_v1_CreateRunResponse__Output>
  FetchArtifact: MethodDefinition<_ganglion_v1_FetchArtifactRequest, _ganglion_v1_ArtifactChunk, _ganglion_v1_FetchArtifactRequest__Output, _ganglion_v1_ArtifactChunk__Output>
  GetRun: MethodDefinition<_ganglion_v1_GetRunRequest, _ganglion_v1_GetRunResponse, _ganglion_v1_GetRunRequest__Output, _ganglion_v1_GetRunResponse__Output>
  ListArtifacts: MethodDefinition<_ganglion_v1_ListArtifactsRequest, _ganglion_v1_ListArtifactsResponse, _ganglion_v1_ListArtifactsRequest__Output, _ganglion_v1_ListArtifactsResponse__Output>
  ListRuns: MethodDefinition<_ganglion_v1_ListRunsRequest, _ganglion_v1_ListRunsResponse, _ganglion_v1_ListRunsRequest__Output, _ganglion_v1_ListRunsResponse__Output>
  PauseRun: MethodDefinition<_ganglion_v1_PauseRunRequest, _ganglion_v1_PauseRunResponse, _ganglion_v1_PauseRunRequest__Output, _ganglion_v1_PauseRunResponse__Output>
  ResumeRun: MethodDefinition<_ganglion_v1_ResumeRunRequest, _ganglion_v1_ResumeRunResponse, _ganglion_v1_ResumeRunRequest__Output, _ganglion_v1_ResumeRunResponse__Output>
  TraceRun: MethodDefinition<_ganglion_v1_TraceRunRequest, _ganglion_v1_TracePart, _ganglion_v1_TraceRunRequest__Output, _ganglion_v1_TracePart__Output>
  WatchRun: MethodDefinition<_ganglion_v1_WatchRunRequest, _ganglion_v1_RunEvent, _ganglion_v1_WatchRunRequest__Output, _ganglion_v1_RunEvent__Output>
}
