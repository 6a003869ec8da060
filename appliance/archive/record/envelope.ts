/** The envelope of a record as it is stored: UTF-8 JSON, members in the order of Envelope, no white space. */
import type { Envelope } from '../contract.ts';

export function encodeEnvelope(envelope: Envelope): Buffer {
  const { event, audit, ledger, checkpoint } = envelope;
  let json = envelopeHead(envelope);
  if (event !== undefined) json += `,"event":${JSON.stringify(event)}`;
  if (audit !== undefined) json += `,"audit":${JSON.stringify(audit)}`;
  if (ledger !== undefined) json += `,"ledger":${JSON.stringify(ledger)}`;
  if (checkpoint !== undefined) json += `,"checkpoint":${JSON.stringify(checkpoint)}`;
  return Buffer.from(`${json}}`);
}

type HeadMember = 'kind' | 'at' | 'conversation' | 'repeat' | 'subject' | 'content';
export type EnvelopeHead = { readonly [Name in HeadMember]?: Envelope[Name] | undefined };

/** What stands before the event, or before what else it tells of. */
export function envelopeHead(envelope: EnvelopeHead): string {
  const { kind, at, conversation, repeat, subject, content } = envelope;
  let json = `{"record":1,"kind":"${kind}","at":"${at}"`;
  if (conversation !== undefined) json += `,"conversation":${conversation}`;
  if (repeat === true) json += ',"repeat":true';
  if (subject !== undefined) json += `,"subject":${JSON.stringify(subject)}`;
  if (content !== undefined) json += `,"content":"${content}"`;
  return json;
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
