import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { Alarm as _ganglion_v1_Alarm, Alarm__Output as _ganglion_v1_Alarm__Output } from './ganglion/v1/Alarm.ts';
import type { AlarmEvent as _ganglion_v1_AlarmEvent, AlarmEvent__Output as _ganglion_v1_AlarmEvent__Output } from './ganglion/v1/AlarmEvent.ts';
import type { Artifact as _ganglion_v1_Artifact, Artifact__Output as _ganglion_v1_Artifact__Output } from './ganglion/v1/Artifact.ts';
import type { ArtifactChunk as _ganglion_v1_ArtifactChunk, ArtifactChunk__Output as _ganglion_v1_ArtifactChunk__Output } from './ganglion/v1/ArtifactChunk.ts';
import type { Assignment as _ganglion_v1_Assignment, Assignment__Output as _ganglion_v1_Assignment__Output } from './ganglion/v1/Assignment.ts';
import type { Begin as _ganglion_v1_Begin, Begin__Output as _ganglion_v1_Begin__Output } from './ganglion/v1/Begin.ts';
import type { BestCheckpoint as _ganglion_v1_BestCheckpoint, BestCheckpoint__Output as _ganglion_v1_BestCheckpoint__Output } from './ganglion/v1/BestCheckpoint.ts';
import type { CancelRunRequest as _ganglion_v1_CancelRunRequest, CancelRunRequest__Output as _ganglion_v1_CancelRunRequest__Output } from './ganglion/v1/CancelRunRequest.ts';
import type { CancelRunResponse as _ganglion_v1_CancelRunResponse, CancelRunResponse__Output as _ganglion_v1_CancelRunResponse__Output } from './ganglion/v1/CancelRunResponse.ts';
import type { ChaosServiceClient as _ganglion_v1_ChaosServiceClient, ChaosServiceDefinition as _ganglion_v1_ChaosServiceDefinition } from './ganglion/v1/ChaosService.ts';
import type { CollectState as _ganglion_v1_CollectState, CollectState__Output as _ganglion_v1_CollectState__Output } from './ganglion/v1/CollectState.ts';
import type { CoordinatorMessage as _ganglion_v1_CoordinatorMessage, CoordinatorMessage__Output as _ganglion_v1_CoordinatorMessage__Output } from './ganglion/v1/CoordinatorMessage.ts';
import type { CreateRunRequest as _ganglion_v1_CreateRunRequest, CreateRunRequest__Output as _ganglion_v1_CreateRunRequest__Output } from './ganglion/v1/CreateRunRequest.ts';
import type { CreateRunResponse as _ganglion_v1_CreateRunResponse, CreateRunResponse__Output as _ganglion_v1_CreateRunResponse__Output } from './ganglion/v1/CreateRunResponse.ts';
import type { Device as _ganglion_v1_Device, Device__Output as _ganglion_v1_Device__Output } from './ganglion/v1/Device.ts';
import type { DownloadStateRequest as _ganglion_v1_DownloadStateRequest, DownloadStateRequest__Output as _ganglion_v1_DownloadStateRequest__Output } from './ganglion/v1/DownloadStateRequest.ts';
import type { Drain as _ganglion_v1_Drain, Drain__Output as _ganglion_v1_Drain__Output } from './ganglion/v1/Drain.ts';
import type { DrainWorkerRequest as _ganglion_v1_DrainWorkerRequest, DrainWorkerRequest__Output as _ganglion_v1_DrainWorkerRequest__Output } from './ganglion/v1/DrainWorkerRequest.ts';
import type { DrainWorkerResponse as _ganglion_v1_DrainWorkerResponse, DrainWorkerResponse__Output as _ganglion_v1_DrainWorkerResponse__Output } from './ganglion/v1/DrainWorkerResponse.ts';
import type { Draining as _ganglion_v1_Draining, Draining__Output as _ganglion_v1_Draining__Output } from './ganglion/v1/Draining.ts';
import type { Evaluation as _ganglion_v1_Evaluation, Evaluation__Output as _ganglion_v1_Evaluation__Output } from './ganglion/v1/Evaluation.ts';
import type { EvaluationAnswer as _ganglion_v1_EvaluationAnswer, EvaluationAnswer__Output as _ganglion_v1_EvaluationAnswer__Output } from './ganglion/v1/EvaluationAnswer.ts';
import type { EvaluationEvent as _ganglion_v1_EvaluationEvent, EvaluationEvent__Output as _ganglion_v1_EvaluationEvent__Output } from './ganglion/v1/EvaluationEvent.ts';
import type { EvaluationOrder as _ganglion_v1_EvaluationOrder, EvaluationOrder__Output as _ganglion_v1_EvaluationOrder__Output } from './ganglion/v1/EvaluationOrder.ts';
import type { EvaluationOver as _ganglion_v1_EvaluationOver, EvaluationOver__Output as _ganglion_v1_EvaluationOver__Output } from './ganglion/v1/EvaluationOver.ts';
import type { Fault as _ganglion_v1_Fault, Fault__Output as _ganglion_v1_Fault__Output } from './ganglion/v1/Fault.ts';
import type { FetchArtifactRequest as _ganglion_v1_FetchArtifactRequest, FetchArtifactRequest__Output as _ganglion_v1_FetchArtifactRequest__Output } from './ganglion/v1/FetchArtifactRequest.ts';
import type { FleetServiceClient as _ganglion_v1_FleetServiceClient, FleetServiceDefinition as _ganglion_v1_FleetServiceDefinition } from './ganglion/v1/FleetService.ts';
import type { GetRunRequest as _ganglion_v1_GetRunRequest, GetRunRequest__Output as _ganglion_v1_GetRunRequest__Output } from './ganglion/v1/GetRunRequest.ts';
import type { GetRunResponse as _ganglion_v1_GetRunResponse, GetRunResponse__Output as _ganglion_v1_GetRunResponse__Output } from './ganglion/v1/GetRunResponse.ts';
import type { Halt as _ganglion_v1_Halt, Halt__Output as _ganglion_v1_Halt__Output } from './ganglion/v1/Halt.ts';
import type { Heartbeat as _ganglion_v1_Heartbeat, Heartbeat__Output as _ganglion_v1_Heartbeat__Output } from './ganglion/v1/Heartbeat.ts';
import type { Held as _ganglion_v1_Held, Held__Output as _ganglion_v1_Held__Output } from './ganglion/v1/Held.ts';
import type { HeldState as _ganglion_v1_HeldState, HeldState__Output as _ganglion_v1_HeldState__Output } from './ganglion/v1/HeldState.ts';
import type { Hello as _ganglion_v1_Hello, Hello__Output as _ganglion_v1_Hello__Output } from './ganglion/v1/Hello.ts';
import type { InjectRequest as _ganglion_v1_InjectRequest, InjectRequest__Output as _ganglion_v1_InjectRequest__Output } from './ganglion/v1/InjectRequest.ts';
import type { InjectResponse as _ganglion_v1_InjectResponse, InjectResponse__Output as _ganglion_v1_InjectResponse__Output } from './ganglion/v1/InjectResponse.ts';
import type { ListArtifactsRequest as _ganglion_v1_ListArtifactsRequest, ListArtifactsRequest__Output as _ganglion_v1_ListArtifactsRequest__Output } from './ganglion/v1/ListArtifactsRequest.ts';
import type { ListArtifactsResponse as _ganglion_v1_ListArtifactsResponse, ListArtifactsResponse__Output as _ganglion_v1_ListArtifactsResponse__Output } from './ganglion/v1/ListArtifactsResponse.ts';
import type { ListRunsRequest as _ganglion_v1_ListRunsRequest, ListRunsRequest__Output as _ganglion_v1_ListRunsRequest__Output } from './ganglion/v1/ListRunsRequest.ts';
import type { ListRunsResponse as _ganglion_v1_ListRunsResponse, ListRunsResponse__Output as _ganglion_v1_ListRunsResponse__Output } from './ganglion/v1/ListRunsResponse.ts';
import type { ListWorkersRequest as _ganglion_v1_ListWorkersRequest, ListWorkersRequest__Output as _ganglion_v1_ListWorkersRequest__Output } from './ganglion/v1/ListWorkersRequest.ts';
import type { ListWorkersResponse as _ganglion_v1_ListWorkersResponse, ListWorkersResponse__Output as _ganglion_v1_ListWorkersResponse__Output } from './ganglion/v1/ListWorkersResponse.ts';
import type { Measure as _ganglion_v1_Measure, Measure__Output as _ganglion_v1_Measure__Output } from './ganglion/v1/Measure.ts';
import type { Member as _ganglion_v1_Member, Member__Output as _ganglion_v1_Member__Output } from './ganglion/v1/Member.ts';
import type { MembershipEvent as _ganglion_v1_MembershipEvent, MembershipEvent__Output as _ganglion_v1_MembershipEvent__Output } from './ganglion/v1/MembershipEvent.ts';
import type { MinibatchChunk as _ganglion_v1_MinibatchChunk, MinibatchChunk__Output as _ganglion_v1_MinibatchChunk__Output } from './ganglion/v1/MinibatchChunk.ts';
import type { MinibatchCredit as _ganglion_v1_MinibatchCredit, MinibatchCredit__Output as _ganglion_v1_MinibatchCredit__Output } from './ganglion/v1/MinibatchCredit.ts';
import type { NonFinite as _ganglion_v1_NonFinite, NonFinite__Output as _ganglion_v1_NonFinite__Output } from './ganglion/v1/NonFinite.ts';
import type { PauseRunRequest as _ganglion_v1_PauseRunRequest, PauseRunRequest__Output as _ganglion_v1_PauseRunRequest__Output } from './ganglion/v1/PauseRunRequest.ts';
import type { PauseRunResponse as _ganglion_v1_PauseRunResponse, PauseRunResponse__Output as _ganglion_v1_PauseRunResponse__Output } from './ganglion/v1/PauseRunResponse.ts';
import type { PeerAddress as _ganglion_v1_PeerAddress, PeerAddress__Output as _ganglion_v1_PeerAddress__Output } from './ganglion/v1/PeerAddress.ts';
import type { PhaseEvent as _ganglion_v1_PhaseEvent, PhaseEvent__Output as _ganglion_v1_PhaseEvent__Output } from './ganglion/v1/PhaseEvent.ts';
import type { PhaseReport as _ganglion_v1_PhaseReport, PhaseReport__Output as _ganglion_v1_PhaseReport__Output } from './ganglion/v1/PhaseReport.ts';
import type { Ready as _ganglion_v1_Ready, Ready__Output as _ganglion_v1_Ready__Output } from './ganglion/v1/Ready.ts';
import type { RecordedSpans as _ganglion_v1_RecordedSpans, RecordedSpans__Output as _ganglion_v1_RecordedSpans__Output } from './ganglion/v1/RecordedSpans.ts';
import type { Refused as _ganglion_v1_Refused, Refused__Output as _ganglion_v1_Refused__Output } from './ganglion/v1/Refused.ts';
import type { Release as _ganglion_v1_Release, Release__Output as _ganglion_v1_Release__Output } from './ganglion/v1/Release.ts';
import type { ResumeRunRequest as _ganglion_v1_ResumeRunRequest, ResumeRunRequest__Output as _ganglion_v1_ResumeRunRequest__Output } from './ganglion/v1/ResumeRunRequest.ts';
import type { ResumeRunResponse as _ganglion_v1_ResumeRunResponse, ResumeRunResponse__Output as _ganglion_v1_ResumeRunResponse__Output } from './ganglion/v1/ResumeRunResponse.ts';
import type { RoadBlocked as _ganglion_v1_RoadBlocked, RoadBlocked__Output as _ganglion_v1_RoadBlocked__Output } from './ganglion/v1/RoadBlocked.ts';
import type { Run as _ganglion_v1_Run, Run__Output as _ganglion_v1_Run__Output } from './ganglion/v1/Run.ts';
import type { RunEvent as _ganglion_v1_RunEvent, RunEvent__Output as _ganglion_v1_RunEvent__Output } from './ganglion/v1/RunEvent.ts';
import type { RunServiceClient as _ganglion_v1_RunServiceClient, RunServiceDefinition as _ganglion_v1_RunServiceDefinition } from './ganglion/v1/RunService.ts';
import type { Snapshot as _ganglion_v1_Snapshot, Snapshot__Output as _ganglion_v1_Snapshot__Output } from './ganglion/v1/Snapshot.ts';
import type { SnapshotEvent as _ganglion_v1_SnapshotEvent, SnapshotEvent__Output as _ganglion_v1_SnapshotEvent__Output } from './ganglion/v1/SnapshotEvent.ts';
import type { Span as _ganglion_v1_Span, Span__Output as _ganglion_v1_Span__Output } from './ganglion/v1/Span.ts';
import type { StateChunk as _ganglion_v1_StateChunk, StateChunk__Output as _ganglion_v1_StateChunk__Output } from './ganglion/v1/StateChunk.ts';
import type { StateEvent as _ganglion_v1_StateEvent, StateEvent__Output as _ganglion_v1_StateEvent__Output } from './ganglion/v1/StateEvent.ts';
import type { Statistics as _ganglion_v1_Statistics, Statistics__Output as _ganglion_v1_Statistics__Output } from './ganglion/v1/Statistics.ts';
import type { Timings as _ganglion_v1_Timings, Timings__Output as _ganglion_v1_Timings__Output } from './ganglion/v1/Timings.ts';
import type { TraceAnswer as _ganglion_v1_TraceAnswer, TraceAnswer__Output as _ganglion_v1_TraceAnswer__Output } from './ganglion/v1/TraceAnswer.ts';
import type { TraceBegun as _ganglion_v1_TraceBegun, TraceBegun__Output as _ganglion_v1_TraceBegun__Output } from './ganglion/v1/TraceBegun.ts';
import type { TraceOrder as _ganglion_v1_TraceOrder, TraceOrder__Output as _ganglion_v1_TraceOrder__Output } from './ganglion/v1/TraceOrder.ts';
import type { TracePart as _ganglion_v1_TracePart, TracePart__Output as _ganglion_v1_TracePart__Output } from './ganglion/v1/TracePart.ts';
import type { TraceRunRequest as _ganglion_v1_TraceRunRequest, TraceRunRequest__Output as _ganglion_v1_TraceRunRequest__Output } from './ganglion/v1/TraceRunRequest.ts';
import type { TraceSpans as _ganglion_v1_TraceSpans, TraceSpans__Output as _ganglion_v1_TraceSpans__Output } from './ganglion/v1/TraceSpans.ts';
import type { TracedProcess as _ganglion_v1_TracedProcess, TracedProcess__Output as _ganglion_v1_TracedProcess__Output } from './ganglion/v1/TracedProcess.ts';
import type { TransferServiceClient as _ganglion_v1_TransferServiceClient, TransferServiceDefinition as _ganglion_v1_TransferServiceDefinition } from './ganglion/v1/TransferService.ts';
import type { UploadStateRequest as _ganglion_v1_UploadStateRequest, UploadStateRequest__Output as _ganglion_v1_UploadStateRequest__Output } from './ganglion/v1/UploadStateRequest.ts';
import type { UploadStateResponse as _ganglion_v1_UploadStateResponse, UploadStateResponse__Output as _ganglion_v1_UploadStateResponse__Output } from './ganglion/v1/UploadStateResponse.ts';
import type { WatchRunRequest as _ganglion_v1_WatchRunRequest, WatchRunRequest__Output as _ganglion_v1_WatchRunRequest__Output } from './ganglion/v1/WatchRunRequest.ts';
import type { Welcome as _ganglion_v1_Welcome, Welcome__Output as _ganglion_v1_Welcome__Output } from './ganglion/v1/Welcome.ts';
import type { Worker as _ganglion_v1_Worker, Worker__Output as _ganglion_v1_Worker__Output } from './ganglion/v1/Worker.ts';
import type { WorkerFailure as _ganglion_v1_WorkerFailure, WorkerFailure__Output as _ganglion_v1_WorkerFailure__Output } from './ganglion/v1/WorkerFailure.ts';
import type { WorkerMessage as _ganglion_v1_WorkerMessage, WorkerMessage__Output as _ganglion_v1_WorkerMessage__Output } from './ganglion/v1/WorkerMessage.ts';
import type { WorkerServiceClient as _ganglion_v1_WorkerServiceClient, WorkerServiceDefinition as _ganglion_v1_WorkerServiceDefinition } from './ganglion/v1/WorkerService.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  ganglion: {
    v1: {
      Alarm: MessageTypeDefinition<_ganglion_v1_Alarm, _ganglion_v1_Alarm__Output>
      AlarmEvent: MessageTypeDefinition<_ganglion_v1_AlarmEvent, _ganglion_v1_AlarmEvent__Output>
      Artifact: MessageTypeDefinition<_ganglion_v1_Artifact, _ganglion_v1_Artifact__Output>
      ArtifactChunk: MessageTypeDefinition<_ganglion_v1_ArtifactChunk, _ganglion_v1_ArtifactChunk__Output>
      Assignment: MessageTypeDefinition<_ganglion_v1_Assignment, _ganglion_v1_Assignment__Output>
      Begin: MessageTypeDefinition<_ganglion_v1_Begin, _ganglion_v1_Begin__Output>
      BestCheckpoint: MessageTypeDefinition<_ganglion_v1_BestCheckpoint, _ganglion_v1_BestCheckpoint__Output>
      CancelRunRequest: MessageTypeDefinition<_ganglion_v1_CancelRunRequest, _ganglion_v1_CancelRunRequest__Output>
      CancelRunResponse: MessageTypeDefinition<_ganglion_v1_CancelRunResponse, _ganglion_v1_CancelRunResponse__Output>
      /**
       * Breaks things on purpose, on a cluster that was started with --allow-chaos: for tests and staging.
       */
      ChaosService: SubtypeConstructor<typeof grpc.Client, _ganglion_v1_ChaosServiceClient> & { service: _ganglion_v1_ChaosServiceDefinition }
      CollectState: MessageTypeDefinition<_ganglion_v1_CollectState, _ganglion_v1_CollectState__Output>
      CoordinatorMessage: MessageTypeDefinition<_ganglion_v1_CoordinatorMessage, _ganglion_v1_CoordinatorMessage__Output>
      CreateRunRequest: MessageTypeDefinition<_ganglion_v1_CreateRunRequest, _ganglion_v1_CreateRunRequest__Output>
      CreateRunResponse: MessageTypeDefinition<_ganglion_v1_CreateRunResponse, _ganglion_v1_CreateRunResponse__Output>
      Device: MessageTypeDefinition<_ganglion_v1_Device, _ganglion_v1_Device__Output>
      DownloadStateRequest: MessageTypeDefinition<_ganglion_v1_DownloadStateRequest, _ganglion_v1_DownloadStateRequest__Output>
      Drain: MessageTypeDefinition<_ganglion_v1_Drain, _ganglion_v1_Drain__Output>
      DrainWorkerRequest: MessageTypeDefinition<_ganglion_v1_DrainWorkerRequest, _ganglion_v1_DrainWorkerRequest__Output>
      DrainWorkerResponse: MessageTypeDefinition<_ganglion_v1_DrainWorkerResponse, _ganglion_v1_DrainWorkerResponse__Output>
      Draining: MessageTypeDefinition<_ganglion_v1_Draining, _ganglion_v1_Draining__Output>
      Evaluation: MessageTypeDefinition<_ganglion_v1_Evaluation, _ganglion_v1_Evaluation__Output>
      EvaluationAnswer: MessageTypeDefinition<_ganglion_v1_EvaluationAnswer, _ganglion_v1_EvaluationAnswer__Output>
      EvaluationEvent: MessageTypeDefinition<_ganglion_v1_EvaluationEvent, _ganglion_v1_EvaluationEvent__Output>
      EvaluationOrder: MessageTypeDefinition<_ganglion_v1_EvaluationOrder, _ganglion_v1_EvaluationOrder__Output>
      EvaluationOver: MessageTypeDefinition<_ganglion_v1_EvaluationOver, _ganglion_v1_EvaluationOver__Output>
      Fault: MessageTypeDefinition<_ganglion_v1_Fault, _ganglion_v1_Fault__Output>
      FetchArtifactRequest: MessageTypeDefinition<_ganglion_v1_FetchArtifactRequest, _ganglion_v1_FetchArtifactRequest__Output>
      /**
       * Shows the workers. Kept apart from RunService, so that roles can differ.
       */
      FleetService: SubtypeConstructor<typeof grpc.Client, _ganglion_v1_FleetServiceClient> & { service: _ganglion_v1_FleetServiceDefinition }
      GetRunRequest: MessageTypeDefinition<_ganglion_v1_GetRunRequest, _ganglion_v1_GetRunRequest__Output>
      GetRunResponse: MessageTypeDefinition<_ganglion_v1_GetRunResponse, _ganglion_v1_GetRunResponse__Output>
      Halt: MessageTypeDefinition<_ganglion_v1_Halt, _ganglion_v1_Halt__Output>
      Heartbeat: MessageTypeDefinition<_ganglion_v1_Heartbeat, _ganglion_v1_Heartbeat__Output>
      Held: MessageTypeDefinition<_ganglion_v1_Held, _ganglion_v1_Held__Output>
      HeldState: MessageTypeDefinition<_ganglion_v1_HeldState, _ganglion_v1_HeldState__Output>
      Hello: MessageTypeDefinition<_ganglion_v1_Hello, _ganglion_v1_Hello__Output>
      InjectRequest: MessageTypeDefinition<_ganglion_v1_InjectRequest, _ganglion_v1_InjectRequest__Output>
      InjectResponse: MessageTypeDefinition<_ganglion_v1_InjectResponse, _ganglion_v1_InjectResponse__Output>
      ListArtifactsRequest: MessageTypeDefinition<_ganglion_v1_ListArtifactsRequest, _ganglion_v1_ListArtifactsRequest__Output>
      ListArtifactsResponse: MessageTypeDefinition<_ganglion_v1_ListArtifactsResponse, _ganglion_v1_ListArtifactsResponse__Output>
      ListRunsRequest: MessageTypeDefinition<_ganglion_v1_ListRunsRequest, _ganglion_v1_ListRunsRequest__Output>
      ListRunsResponse: MessageTypeDefinition<_ganglion_v1_ListRunsResponse, _ganglion_v1_ListRunsResponse__Output>
      ListWorkersRequest: MessageTypeDefinition<_ganglion_v1_ListWorkersRequest, _ganglion_v1_ListWorkersRequest__Output>
      ListWorkersResponse: MessageTypeDefinition<_ganglion_v1_ListWorkersResponse, _ganglion_v1_ListWorkersResponse__Output>
      Measure: MessageTypeDefinition<_ganglion_v1_Measure, _ganglion_v1_Measure__Output>
      Member: MessageTypeDefinition<_ganglion_v1_Member, _ganglion_v1_Member__Output>
      MembershipEvent: MessageTypeDefinition<_ganglion_v1_MembershipEvent, _ganglion_v1_MembershipEvent__Output>
      MinibatchChunk: MessageTypeDefinition<_ganglion_v1_MinibatchChunk, _ganglion_v1_MinibatchChunk__Output>
      MinibatchCredit: MessageTypeDefinition<_ganglion_v1_MinibatchCredit, _ganglion_v1_MinibatchCredit__Output>
      NonFinite: MessageTypeDefinition<_ganglion_v1_NonFinite, _ganglion_v1_NonFinite__Output>
      PauseRunRequest: MessageTypeDefinition<_ganglion_v1_PauseRunRequest, _ganglion_v1_PauseRunRequest__Output>
      PauseRunResponse: MessageTypeDefinition<_ganglion_v1_PauseRunResponse, _ganglion_v1_PauseRunResponse__Output>
      PeerAddress: MessageTypeDefinition<_ganglion_v1_PeerAddress, _ganglion_v1_PeerAddress__Output>
      PhaseEvent: MessageTypeDefinition<_ganglion_v1_PhaseEvent, _ganglion_v1_PhaseEvent__Output>
      PhaseReport: MessageTypeDefinition<_ganglion_v1_PhaseReport, _ganglion_v1_PhaseReport__Output>
      Ready: MessageTypeDefinition<_ganglion_v1_Ready, _ganglion_v1_Ready__Output>
      RecordedSpans: MessageTypeDefinition<_ganglion_v1_RecordedSpans, _ganglion_v1_RecordedSpans__Output>
      Refused: MessageTypeDefinition<_ganglion_v1_Refused, _ganglion_v1_Refused__Output>
      Release: MessageTypeDefinition<_ganglion_v1_Release, _ganglion_v1_Release__Output>
      ResumeRunRequest: MessageTypeDefinition<_ganglion_v1_ResumeRunRequest, _ganglion_v1_ResumeRunRequest__Output>
      ResumeRunResponse: MessageTypeDefinition<_ganglion_v1_ResumeRunResponse, _ganglion_v1_ResumeRunResponse__Output>
      RoadBlocked: MessageTypeDefinition<_ganglion_v1_RoadBlocked, _ganglion_v1_RoadBlocked__Output>
      Run: MessageTypeDefinition<_ganglion_v1_Run, _ganglion_v1_Run__Output>
      RunEvent: MessageTypeDefinition<_ganglion_v1_RunEvent, _ganglion_v1_RunEvent__Output>
      /**
       * Launches, lists, watches and steers runs. Every call is answered by one coordinator.
       */
      RunService: SubtypeConstructor<typeof grpc.Client, _ganglion_v1_RunServiceClient> & { service: _ganglion_v1_RunServiceDefinition }
      RunState: EnumTypeDefinition
      Snapshot: MessageTypeDefinition<_ganglion_v1_Snapshot, _ganglion_v1_Snapshot__Output>
      SnapshotEvent: MessageTypeDefinition<_ganglion_v1_SnapshotEvent, _ganglion_v1_SnapshotEvent__Output>
      Span: MessageTypeDefinition<_ganglion_v1_Span, _ganglion_v1_Span__Output>
      StateChunk: MessageTypeDefinition<_ganglion_v1_StateChunk, _ganglion_v1_StateChunk__Output>
      StateEvent: MessageTypeDefinition<_ganglion_v1_StateEvent, _ganglion_v1_StateEvent__Output>
      Statistics: MessageTypeDefinition<_ganglion_v1_Statistics, _ganglion_v1_Statistics__Output>
      Timings: MessageTypeDefinition<_ganglion_v1_Timings, _ganglion_v1_Timings__Output>
      TraceAnswer: MessageTypeDefinition<_ganglion_v1_TraceAnswer, _ganglion_v1_TraceAnswer__Output>
      TraceBegun: MessageTypeDefinition<_ganglion_v1_TraceBegun, _ganglion_v1_TraceBegun__Output>
      TraceOrder: MessageTypeDefinition<_ganglion_v1_TraceOrder, _ganglion_v1_TraceOrder__Output>
      TracePart: MessageTypeDefinition<_ganglion_v1_TracePart, _ganglion_v1_TracePart__Output>
      TraceRunRequest: MessageTypeDefinition<_ganglion_v1_TraceRunRequest, _ganglion_v1_TraceRunRequest__Output>
      TraceSpans: MessageTypeDefinition<_ganglion_v1_TraceSpans, _ganglion_v1_TraceSpans__Output>
      TracedProcess: MessageTypeDefinition<_ganglion_v1_TracedProcess, _ganglion_v1_TracedProcess__Output>
      /**
       * Bulk bytes between a worker and the coordinator. The receiver of large data is the client wherever it can be.
       */
      TransferService: SubtypeConstructor<typeof grpc.Client, _ganglion_v1_TransferServiceClient> & { service: _ganglion_v1_TransferServiceDefinition }
      UploadStateRequest: MessageTypeDefinition<_ganglion_v1_UploadStateRequest, _ganglion_v1_UploadStateRequest__Output>
      UploadStateResponse: MessageTypeDefinition<_ganglion_v1_UploadStateResponse, _ganglion_v1_UploadStateResponse__Output>
      WatchRunRequest: MessageTypeDefinition<_ganglion_v1_WatchRunRequest, _ganglion_v1_WatchRunRequest__Output>
      Welcome: MessageTypeDefinition<_ganglion_v1_Welcome, _ganglion_v1_Welcome__Output>
      Worker: MessageTypeDefinition<_ganglion_v1_Worker, _ganglion_v1_Worker__Output>
      WorkerFailure: MessageTypeDefinition<_ganglion_v1_WorkerFailure, _ganglion_v1_WorkerFailure__Output>
      WorkerMessage: MessageTypeDefinition<_ganglion_v1_WorkerMessage, _ganglion_v1_WorkerMessage__Output>
      /**
       * Control. The worker dials; the stream is its session: when it ends, the worker counts as lost.
       */
      WorkerService: SubtypeConstructor<typeof grpc.Client, _ganglion_v1_WorkerServiceClient> & { service: _ganglion_v1_WorkerServiceDefinition }
    }
  }
}

