import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { CollectiveServiceClient as _ganglion_v1_CollectiveServiceClient, CollectiveServiceDefinition as _ganglion_v1_CollectiveServiceDefinition } from './ganglion/v1/CollectiveService.ts';
import type { ReduceReply as _ganglion_v1_ReduceReply, ReduceReply__Output as _ganglion_v1_ReduceReply__Output } from './ganglion/v1/ReduceReply.ts';
import type { ReduceRequest as _ganglion_v1_ReduceRequest, ReduceRequest__Output as _ganglion_v1_ReduceRequest__Output } from './ganglion/v1/ReduceRequest.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  ganglion: {
    v1: {
      /**
       * The star all-reduce: workers send partial sums, the coordinator adds them in the fixed tree order and returns the sum.
       */
      CollectiveService: SubtypeConstructor<typeof grpc.Client, _ganglion_v1_CollectiveServiceClient> & { service: _ganglion_v1_CollectiveServiceDefinition }
      ReduceReply: MessageTypeDefinition<_ganglion_v1_ReduceReply, _ganglion_v1_ReduceReply__Output>
      ReduceRequest: MessageTypeDefinition<_ganglion_v1_ReduceRequest, _ganglion_v1_ReduceRequest__Output>
    }
  }
}

