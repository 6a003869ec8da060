/** The record of a transfer, as the archive of its file needs it. */
import type { Envelope } from '../contract.ts';

export interface FileRecord {
  readonly sequence: number;
  readonly envelope: Envelope;
}

/** undefined: it is no JSON object. */
export function envelopeOf(octets: Uint8Array): Envelope | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(octets).toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Envelope) : undefined;
  } catch {
    return undefined;
  }
}
