/** The data connections of Gadu-Gadu: direct ones are announced, relayed ones tell themselves. */
import { Probe, type ProtocolDefinition } from '../../contract.ts';
import { beginsWithMagic } from './data-handshake.ts';
import { GgDataParser } from './gg-data.ts';

const HANDSHAKE = 12; // octets: magic and identifier

export const GG_DCC: ProtocolDefinition = {
  name: 'gg-dcc',
  service: 'gadu-gadu',
  family: 'gadu-gadu',
  transport: 'tcp',
  activity: 'media',
  ports: [],
  probeLimit: 0,
  create: (context) => new GgDataParser(context, 'gg-dcc'),
};

export const GG_RELAY: ProtocolDefinition = {
  name: 'gg-relay',
  service: 'gadu-gadu',
  family: 'gadu-gadu',
  transport: 'tcp',
  activity: 'media',
  ports: [],
  probeLimit: HANDSHAKE,
  probe(_direction, octets, midstream) {
    if (midstream || !beginsWithMagic(octets)) return Probe.No;
    return octets.length < HANDSHAKE ? Probe.More : Probe.Yes;
  },
  create: (context) => new GgDataParser(context, 'gg-relay'),
};
