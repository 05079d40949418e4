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

const BOTH_SIDES: ChannelOptions = {
  'grpc.max_receive_message_length': MESSAGE_BYTES_MAX,
  'grpc.max_send_message_length': MESSAGE_BYTES_MAX,
  'grpc.keepalive_time_ms': KEEPALIVE_TIME_MS,
  'grpc.keepalive_timeout_ms': KEEPALIVE_TIMEOUT_MS,
};

export const CHANNEL_OPTIONS: ChannelOptions = {
  ...BOTH_SIDES,
  'grpc-node.flow_control_window': CLIENT_WINDOW_BYTES,
  'grpc.keepalive_permit_without_calls': 1,
  'grpc.initial_reconnect_backoff_ms': 200,
  'grpc.max_reconnect_backoff_ms': 5_000,
};

/**
 * Calls on one connection: a worker has control, minibatches, reduce, upload and download, twice where one generation
 * ends while the next begins: 10. A call holds at most one unfinished message: 32 × 4 MiB = 128 MiB for a connection.
 * Of a caller that is refused nothing is held but the connection's window, 64 KiB.
 */
const CONCURRENT_STREAMS_MAX = 32;

/** What HTTP/2 itself keeps for a connection, in MB: the streams' messages on their way out, 32 × 1 MiB, and as much for headers. */
const SESSION_MEMORY_MB = 64;

/** A connection without a call: the CLI has none for as long; a worker always has its control stream. */
const CONNECTION_IDLE_MS = 5 * 60_000;

/**
 * After so long new calls go over a new connection, with the certificate of that day; calls that are under way end on
 * their old one. A worker's are those of one run.
 */
const CONNECTION_AGE_MS = 60 * 60_000;

export const SERVER_OPTIONS: ChannelOptions = {
  ...BOTH_SIDES,
  'grpc.max_concurrent_streams': CONCURRENT_STREAMS_MAX,
  'grpc-node.max_session_memory': SESSION_MEMORY_MB,
  'grpc.max_connection_idle_ms': CONNECTION_IDLE_MS,
  'grpc.max_connection_age_ms': CONNECTION_AGE_MS,
};

/**
 * 1,024 workers with one connection each, twice while they dial again, and 256 people's programs. One more is closed at
 * once. Node holds a header list to 64 KiB and 128 fields by itself.
 */
export const CONNECTIONS_MAX = 2 * 1_024 + 256;

/** A TLS handshake takes three messages: who needs longer than this is not on its way. */
export const TLS_HANDSHAKE_MS_MAX = 5_000;

/** For the last frames of a coordinator that shuts down to leave: they are some 100 bytes a connection. */
export const GOODBYE_MS_MAX = 250;

/**
 * Said by every program of ours with each call, and by workers in Hello; another one is refused with a sentence that names both. It
 * stays while older programs are answered: what is only added to the .proto files leaves it alone.
 */
export const PROTOCOL_VERSION = 1;
export const PROTOCOL_HEADER = 'ganglion-protocol';
