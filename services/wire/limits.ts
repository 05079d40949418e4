/** Bounds of every message and connection, with their arithmetic. */
import type { ChannelOptions } from '@grpc/grpc-js';

/** Bulk bytes travel in pieces of at most this: grpc-js was fastest there (one copy a message, few frames a copy). */
export const CHUNK_BYTES = 1024 * 1024;

/** A chunk and its envelope fit four times over; a config of 1 MiB too. Larger messages are refused by gRPC. */
const MESSAGE_BYTES_MAX = 4 * CHUNK_BYTES;

/**
 * A client's HTTP/2 receive window: 16 chunks. Only the client honours it (a server's window stays at 64 KiB), so
 * bulk bytes flow from server to client where there is a choice.
 */
const CLIENT_WINDOW_BYTES = 16 * CHUNK_BYTES;

/** A dead TCP peer is noticed after KEEPALIVE_TIME + KEEPALIVE_TIMEOUT = 15 s; a dead process at once. */
const KEEPALIVE_TIME_MS = 10_000;
const KEEPALIVE_TIMEOUT_MS = 5_000;

export const CHANNEL_OPTIONS: ChannelOptions = {
  'grpc.max_receive_message_length': MESSAGE_BYTES_MAX,
  'grpc.max_send_message_length': MESSAGE_BYTES_MAX,
  'grpc-node.flow_control_window': CLIENT_WINDOW_BYTES,
  'grpc.keepalive_time_ms': KEEPALIVE_TIME_MS,
  'grpc.keepalive_timeout_ms': KEEPALIVE_TIMEOUT_MS,
  'grpc.keepalive_permit_without_calls': 1,
  'grpc.initial_reconnect_backoff_ms': 200,
  'grpc.max_reconnect_backoff_ms': 5_000,
};

/** Version in Hello; another one is refused with a sentence that names both. */
export const PROTOCOL_VERSION = 1;
