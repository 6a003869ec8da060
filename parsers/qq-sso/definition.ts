/** QQ's programs for telephones in the registry. */
import { Direction, Probe, type ProtocolDefinition } from '../contract.ts';
import { type Opening, OpeningParser, type OpeningRules } from '../framing/opening-parser.ts';
import { signature } from '../framing/signature-parser.ts';
import { HEADER_MOST, numberOf } from './header.ts';

const OPENING: OpeningRules = {
  limit: HEADER_MOST,
  read({ buffer, used }): Opening {
    const number = numberOf(buffer.subarray(0, used));
    if (number === undefined) return 'more';
    if (number === '') return 'other';
    // "0": nobody has signed in on this device yet.
    return signature('qq-sso', 'encrypted', { account: number === '0' ? undefined : number });
  },
};

/** What a server sends has no number: it is told by its client only. */
function probeQqSso(direction: Direction, octets: Uint8Array, midstream: boolean): Probe {
  if (midstream || direction === Direction.ToClient) return Probe.No;
  const number = numberOf(octets);
  if (number === undefined) return Probe.More;
  return number === '' ? Probe.No : Probe.Yes;
}

export const QQ_SSO: ProtocolDefinition = {
  name: 'qq-sso',
  opaque: true,
  transport: 'tcp',
  ports: [8080, 14000, 443, 80],
  probeLimit: HEADER_MOST + 1,
  probe: probeQqSso,
  create: () => new OpeningParser(OPENING),
};
