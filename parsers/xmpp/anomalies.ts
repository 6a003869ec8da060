/** Odd input in XMPP by name; those of the XML itself are in framing/xml-odd.ts. */
export const XmppAnomaly = {
  /** A carbon copy (XEP-0280 §11) or archived message not from the account's own address. */
  CarbonSpoofed: 'carbon-spoofed',
  /** A client names a sender that is not its own account. */
  FromMismatch: 'from-mismatch',
  /** The bodies of one message differ: languages, or the XHTML from the plain text. */
  AlternativeBodies: 'alternative-bodies',
  /** XEP-0047 §2.2: sequence numbers count from 0 without a hole. */
  IbbSequence: 'ibb-sequence',
  IbbEncoding: 'ibb-encoding',
  /** More octets than the offer announced. */
  SizeExceeded: 'size-exceeded',
  /** A file over HTTP is longer or shorter than it was announced. */
  SizeMismatch: 'size-mismatch',
  /** A size that is no number, or beyond 2^53-1. */
  SizeInvalid: 'size-invalid',
  /** Compressed octets that do not inflate, or inflate to far more than they are. */
  CompressionBroken: 'compression-broken',
  CompressionBomb: 'compression-bomb',
  /** Resumption of a stream that belongs to another account than the one that signed in. */
  ResumedOther: 'resumed-other-account',
} as const;
export type XmppAnomaly = (typeof XmppAnomaly)[keyof typeof XmppAnomaly];
