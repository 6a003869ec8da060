/** WeChat's mmtls in the registry: its long link, and its requests over plain HTTP. */
import type { ProtocolDefinition } from '../contract.ts';
import { SignatureParser, signature } from '../framing/signature-parser.ts';
import { PROBE_LIMIT, probeLongLink, probeShortLink } from './probe.ts';

const LONG_LINK = signature('wechat-mmtls', 'mmtls');
const SHORT_LINK = signature('wechat-mmtls-http', 'mmtls over HTTP');

export const MMTLS: ProtocolDefinition = {
  name: 'mmtls',
  opaque: true,
  transport: 'tcp',
  ports: [8080, 80, 443],
  probeLimit: PROBE_LIMIT,
  probe: probeLongLink,
  create: () => new SignatureParser(LONG_LINK),
};

export const MMTLS_HTTP: ProtocolDefinition = {
  name: 'mmtls-http',
  protocol: 'mmtls',
  opaque: true,
  transport: 'tcp',
  ports: [80],
  probeLimit: PROBE_LIMIT,
  probe: probeShortLink,
  create: () => new SignatureParser(SHORT_LINK),
};
