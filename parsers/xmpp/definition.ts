/** XMPP's line in the registry. */
import type { ProtocolDefinition } from '../contract.ts';
import { blank } from './neutral.ts';
import { XmppParser } from './parser.ts';
import { PROBE_LIMIT, probeXmpp } from './probe.ts';

export const XMPP: ProtocolDefinition = {
  name: 'xmpp',
  family: 'xmpp',
  transport: 'tcp',
  ports: [5222, 5269, 5223, 5225, 5275, 5347, 7400, 8888, 5298],
  probeLimit: PROBE_LIMIT,
  probe: probeXmpp,
  create: (context) => new XmppParser(context),
  neutralise: blank,
};
