/**
 * Skype of before 2015 over UDP (Biondi and Desclaux, "Silver Needle in the Skype", 2006): each datagram is
 *
 *   id:u16, function (02: sealed), salt:u32, checksum:u32 of what is inside, sealed octets
 *
 * Nothing of it can be checked. But a client that starts asks dozens of servers from one socket, each with a short
 * datagram whose id is a little higher than the one before: a few of them in a row tell.
 */
import { u16be } from '../../src/bytes/read.ts';
import {
  Direction,
  type FlowContext,
  type FlowFacts,
  Probe,
  type ProtocolDefinition,
} from '../contract.ts';
import { MarkedDatagrams, OTHER, WAIT } from './marked-datagrams.ts';
import { signatureFacts } from './one-datagram.ts';

const SEALED = 2;
const SHORTEST = 18; // octets of what a starting client sends; seen: 22 to 37
const LONGEST = 64;
/** How much higher the next id may be, and how many flows in a row tell. */
const STEP = 8;
const IN_A_ROW = 6;
const FACTS: FlowFacts = { ...signatureFacts('skype-udp', 'Skype'), confidence: 'medium' };

interface Row {
  readonly id: number;
  readonly flows: number;
}

export const SKYPE: ProtocolDefinition = {
  name: 'skype-udp',
  transport: 'udp',
  opaque: true,
  activity: 'call',
  ports: [],
  probeLimit: 65_535,
  probe(direction, octets) {
    if (octets.length === 0) return Probe.More;
    return direction === Direction.ToServer && isSealed(octets) ? Probe.Yes : Probe.No;
  },
  create(context) {
    let isFirst = true;
    return new MarkedDatagrams((_direction, octets) => {
      if (!isSealed(octets)) return OTHER;
      const flows = isFirst ? countFlow(context, u16be(octets, 0)) : 0;
      isFirst = false;
      if (flows < IN_A_ROW) return WAIT;
      return FACTS;
    });
  },
};

function isSealed(octets: Uint8Array): boolean {
  const { length } = octets;
  // SNMP: a SEQUENCE that begins with an INTEGER, its version.
  if (octets[0] === 0x30 && octets[1] === length - 2) return false;
  return octets[2] === SEALED && length >= SHORTEST && length <= LONGEST;
}

/** Flows of the client's socket in a row, with this one whose first id is `id`. */
function countFlow({ memory, clientAddress, clientPort }: FlowContext, id: number): number {
  const key = `${clientAddress} ${clientPort}`;
  const before = memory.get(key) as Row | undefined;
  const step = before === undefined ? 0 : (id - before.id) & 0xffff;
  const flows = before !== undefined && step >= 1 && step <= STEP ? before.flows + 1 : 1;
  memory.set(key, { id, flows } satisfies Row);
  return flows;
}
