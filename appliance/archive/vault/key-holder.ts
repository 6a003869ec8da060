/** Who holds the key-encryption key: a file, or a command that speaks to a key management service. */
export interface KeyHolder {
  /** As shown to people: never a key. */
  readonly shown: string;
  /** `file:1f2e3d4c5b6a7988`: tells one key-encryption key from another; undefined: only the holder knows. */
  readonly id: string | undefined;
  /** Both throw ArchiveError: what holds the key does not answer, or did not wrap these octets. */
  wrap(key: Uint8Array): Uint8Array;
  unwrap(wrapped: Uint8Array): Uint8Array;
}
