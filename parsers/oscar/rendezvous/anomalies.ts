/** Odd input that the reader of rendezvous messages names. */
export const RendezvousAnomaly = {
  /** Shorter than its head, or its TLVs go beyond it. */
  Malformed: 'oscar-rendezvous-malformed',
  /** The cookie inside is not that of the message. */
  CookieMismatch: 'oscar-cookie-mismatch',
  /** A proposal under the cookie of another party's that is still open. */
  CookieReused: 'oscar-cookie-reused',
  /** A redirection of what was never proposed; read as a proposal. */
  RedirectUnknown: 'oscar-redirect-unknown',
  /** A redirection that names another file or size than the proposal. */
  OfferChanged: 'oscar-offer-changed',
  /** A check field (TLV 0016, 0017) that does not match its address or port. */
  BadCheck: 'oscar-address-check',
  /** A TLV twice: clients take the first. */
  TlvTwice: 'oscar-tlv-twice',
} as const;
export type RendezvousAnomaly = (typeof RendezvousAnomaly)[keyof typeof RendezvousAnomaly];
