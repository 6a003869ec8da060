/** A streamed decompression, fed in pieces; what comes out goes to the callback it was made with. */
export interface Decompressor {
  /** Resolves when everything that follows from the piece was handed out. Rejects if it is corrupt. */
  push(piece: Uint8Array): Promise<void>;
  /** Rejects if the compressed data is cut off. */
  finish(): Promise<void>;
}

/** Octets that come out; lent for the call. */
export type Decompressed = (octets: Uint8Array) => void;

/** Compressed data that is corrupt or cut off: what, for the user. */
export class DecompressionError extends Error {
  override readonly name = 'DecompressionError';
}
