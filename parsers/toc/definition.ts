/** TOC and TOC2 in the registry. Files that are offered come over OFT, of the same family. */
import type { ProtocolDefinition } from '../contract.ts';
import { neutraliseToc } from './neutral.ts';
import { TocParser } from './toc-parser.ts';
import { probeToc, TOC_PROBE_LIMIT } from './toc-probe.ts';

export const TOC: ProtocolDefinition = {
  name: 'toc',
  family: 'oscar',
  service: 'aim',
  transport: 'tcp',
  ports: [9898, 5190],
  probeLimit: TOC_PROBE_LIMIT,
  probe: probeToc,
  create: (context) => new TocParser(context),
  neutralise: neutraliseToc,
};
