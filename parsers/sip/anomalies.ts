/** Odd input that the SIP parser names: counted, shown and matched by rules under these names. */
export const SipAnomaly = {
  /** Header lines that end in LF alone; read, as lenient servers do. */
  LoneLf: 'sip-lone-lf',
  /** No Content-Length over TCP (RFC 3261 §18.3 asks for it): taken as 0. */
  NoLength: 'sip-no-length',
  /** Several Content-Length fields that differ: the first one stands, written out before abbreviated. */
  LengthConflict: 'sip-length-conflict',
  /** Content-Length is no decimal number. */
  BadLength: 'sip-bad-length',
  /** A datagram shorter than its Content-Length; what is there is read. */
  ShortBody: 'sip-short-body',
  /** Octets of a datagram behind its message: receivers discard them (§18.3). */
  OctetsAfter: 'sip-octets-after-message',
  /** No end of the header in 64 KiB, or a body beyond 1 MiB: skipped. */
  TooLarge: 'sip-too-large',
  /** Neither a request line nor a status line: skipped to the next one. */
  BadStartLine: 'sip-bad-start-line',
  /** Header lines that are none. */
  BadHeader: 'sip-bad-header',
  /** The method in CSeq is another one than the request line's. */
  MethodMismatch: 'sip-method-mismatch',
  /** A request of the account's side whose From is none of the registered addresses. */
  ForeignSender: 'sip-foreign-sender',
  /** The Request-URI, which decides, names somebody else than To. */
  RecipientDiffers: 'sip-recipient-differs',
  /** From of a CPIM body names somebody else than From of the request. */
  CpimSenderDiffers: 'cpim-sender-differs',
  /** A body in which more is said than is reported. */
  TooManyEvents: 'sip-too-many-events',
  /** `application/vnd.3gpp.sms` that is no RP-DATA with a TPDU. */
  SmsMalformed: 'sms-malformed',
} as const;
export type SipAnomaly = (typeof SipAnomaly)[keyof typeof SipAnomaly];
