/** How the record tells of a signing key: `details` of an audit record with action `key`. */
export interface SigningKeyDetails {
  readonly key: 'signing';
  readonly what: 'made' | 'rotated';
  /** SHA-256 of the SPKI, hex. */
  readonly fingerprint: string;
  /** SPKI, DER, base64. */
  readonly public: string;
  /** Fingerprint of the key before, and its signature (base64) over successionText. */
  readonly previous?: string;
  readonly signature?: string;
}

/** undefined: they are about something else. */
export function readSigningKeyDetails(details: unknown): SigningKeyDetails | undefined {
  if (typeof details !== 'object' || details === null) return undefined;
  const said = details as Partial<Record<keyof SigningKeyDetails, unknown>>;
  if (said.key !== 'signing') return undefined;
  if (typeof said.fingerprint !== 'string' || typeof said.public !== 'string') return undefined;
  return {
    key: 'signing',
    what: said.what === 'rotated' ? 'rotated' : 'made',
    fingerprint: said.fingerprint,
    public: said.public,
    ...(typeof said.previous === 'string' ? { previous: said.previous } : {}),
    ...(typeof said.signature === 'string' ? { signature: said.signature } : {}),
  };
}
