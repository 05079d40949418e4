/** A peer that could not be measured: it is missing from its Python, or broke off. The message is the reason, one line. */
export class PeerFailure extends Error {
  override readonly name = 'PeerFailure';
}
