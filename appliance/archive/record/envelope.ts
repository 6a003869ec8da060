/** The envelope of a record as it is stored: UTF-8 JSON, members in the order of Envelope, no white space. */
import type { Envelope } from '../contract.ts';

const ORDER = [
  ...['record', 'kind', 'at', 'conversation', 'repeat', 'subject', 'content', 'event'],
  ...['audit', 'ledger', 'checkpoint'],
] as const satisfies readonly (keyof Envelope)[];

/** `eventJson`: the event, where it is JSON already. */
export function encodeEnvelope(envelope: Envelope, eventJson?: string): Buffer {
  let json = '';
  for (const name of ORDER) {
    if (name === 'event' && eventJson !== undefined) {
      json += `,"event":${eventJson}`;
      continue;
    }
    const value = envelope[name];
    if (value !== undefined) json += `${json === '' ? '{' : ','}"${name}":${JSON.stringify(value)}`;
  }
  return Buffer.from(`${json}}`);
}

/** Throws SyntaxError where the octets are no envelope: verify alone reads such. */
export function decodeEnvelope(octets: Uint8Array): Envelope {
  const text = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString();
  const value: unknown = JSON.parse(text);
  if (isEnvelope(value)) return value;
  throw new SyntaxError('not an envelope of a record');
}

function isEnvelope(value: unknown): value is Envelope {
  return (
    typeof value === 'object' &&
    value !== null &&
    'record' in value &&
    value.record === 1 &&
    'kind' in value &&
    typeof value.kind === 'string'
  );
}
