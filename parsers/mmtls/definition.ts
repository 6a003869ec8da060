/** WeChat's mmtls in the registry: its long link. What it sends over HTTP is seen by http-host. */
import type { ProtocolDefinition } from '../contract.ts';
import { SignatureParser, signature } from '../framing/signature-parser.ts';
import { PROBE_LIMIT, probeMmtls } from './probe.ts';

const FACTS = signature('wechat-mmtls', 'mmtls');

export const MMTLS: ProtocolDefinition = {
  name: 'mmtls',
  opaque: true,
  transport: 'tcp',
  ports: [8080, 80, 443],
  probeLimit: PROBE_LIMIT,
  probe: probeMmtls,
  create: () => new SignatureParser(FACTS),
};
