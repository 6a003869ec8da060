/** Mumble's control channel in the registry. */
import type { ProtocolDefinition } from '../contract.ts';
import { OpeningParser } from '../framing/opening-parser.ts';
import { MUMBLE_OPENING } from './opening.ts';
import { PROBE_LIMIT, probeMumbleControl } from './probe.ts';

export const MUMBLE_CONTROL: ProtocolDefinition = {
  name: 'mumble-control',
  protocol: 'mumble',
  opaque: true,
  transport: 'tcp',
  ports: [64738],
  probeLimit: PROBE_LIMIT,
  probe: probeMumbleControl,
  create: () => new OpeningParser(MUMBLE_OPENING),
};
