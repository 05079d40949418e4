// Original file: proto/ganglion/v1/worker.proto


/**
 * Where a worker listens for other workers.
 */
export interface PeerAddress {
  /**
   * HOST:PORT of its TCP listener.
   */
  'tcp'?: (string);
  /**
   * Path of its Unix socket.
   */
  'unix'?: (string);
  /**
   * Names the machine on which the path means something.
   */
  'machine'?: (string);
}

/**
 * Where a worker listens for other workers.
 */
export interface PeerAddress__Output {
  /**
   * HOST:PORT of its TCP listener.
   */
  'tcp': (string);
  /**
   * Path of its Unix socket.
   */
  'unix': (string);
  /**
   * Names the machine on which the path means something.
   */
  'machine': (string);
}
