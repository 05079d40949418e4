/** Bounds of the sockets between workers, with their arithmetic. Every wait is the caller's `connectMs`. */

/** Another version is refused by name. */
export const MESH_VERSION = 1;

/** A frame's payload: a state travels in pieces of 1 MiB, a gradient in smaller ones. More is refused unread. */
export const PAYLOAD_BYTES_MAX = 1024 * 1024;

/**
 * A handshake message is JSON: ids of at most 200 characters (× 2: run and worker; × 2: escaped), three hexadecimal
 * numbers of 64 digits, a sentence of 1,000 characters, names: below 4 KiB.
 */
export const HANDSHAKE_BYTES_MAX = 4096;
export const ID_CHARACTERS_MAX = 200;
export const REFUSAL_CHARACTERS_MAX = 1000;

/** Nonces as long as the MAC's hash: neither can be guessed. */
export const NONCE_BYTES = 32;

/**
 * Connections of a listener that are not through their handshake: 256 peers may dial for a generation that this
 * worker has not heard of yet, and as many fetch a state. One more is refused.
 */
export const HANDSHAKES_MAX = 512;

/** Connections of a listener: those at the door, and 256 peers that each take gradients and a state. */
export const CONNECTIONS_MAX = HANDSHAKES_MAX + 2 * 256;

/**
 * What a handshake may last at most. The dialler says how long it waits (`connectMs`); this bounds what a stranger may
 * claim, and how long one that says nothing is listened to.
 */
export const HANDSHAKE_MS_MAX = 60_000;

/** Until a hello has come whole: the dialler has it ready. */
export const HELLO_MS_MAX = 5_000;

/** Dials that bring no new byte of a state, in a row, before its fetch is given up; spread over `connectMs`. */
export const FETCH_ATTEMPTS_MAX = 4;

/** A state that a peer may announce: what safetensors and one machine hold with room to spare. */
export const STATE_BYTES_MAX = 64 * 1024 ** 3;

/** sockaddr_un holds 104 bytes on macOS, 108 on Linux, a final zero included. */
export const UNIX_PATH_BYTES_MAX = 100;
