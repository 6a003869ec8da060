/** Telegram in the registry: its clear transports, and the obfuscated one that its programs use. */
import type { FlowFacts, ProtocolDefinition } from '../contract.ts';
import { HEADER, readHeader } from '../framing/mtproto-header.ts';
import { type Opening, OpeningParser, type OpeningRules } from '../framing/opening-parser.ts';
import { signature } from '../framing/signature-parser.ts';
import { PROBE_LIMIT as CLEAR_LIMIT, probeTelegram, transportOf } from './clear-probe.ts';
import { asksForKey } from './frame.ts';
import { PROBE_LIMIT as OBFUSCATED_LIMIT, probeObfuscated } from './obfuscated-probe.ts';

const CLEAR_OPENING: OpeningRules = {
  limit: CLEAR_LIMIT,
  read({ buffer, used }): Opening {
    const transport = transportOf(buffer.subarray(0, used));
    if (typeof transport !== 'string') return transport === 0 ? 'other' : 'more';
    // One octet and a length that fits are a weaker sign than a request for a key.
    const isWeak = transport === 'abridged' && asksForKey(buffer, 2) !== true;
    return signature(`telegram-${transport}`, `MTProto, ${transport} transport`, {
      confidence: isWeak ? 'medium' : undefined,
    });
  },
};

const OBFUSCATED_OPENING: OpeningRules = {
  limit: HEADER,
  read({ buffer, used }): Opening {
    if (used < HEADER) return 'more';
    const header = readHeader(buffer);
    if (header === undefined) return 'other';
    const { centre, transport } = header;
    const where = centre === undefined ? '' : `, data centre ${Math.abs(centre)}`;
    const facts: Partial<FlowFacts> =
      centre !== undefined && centre < 0 ? { activity: 'media' } : {};
    const reason = `MTProto, obfuscated ${transport} transport${where}`;
    return signature('telegram-obfuscated', reason, facts);
  },
};

export const TELEGRAM: ProtocolDefinition = {
  name: 'telegram',
  protocol: 'mtproto',
  opaque: true,
  transport: 'tcp',
  ports: [],
  probeLimit: CLEAR_LIMIT,
  probe: probeTelegram,
  create: () => new OpeningParser(CLEAR_OPENING),
};

export const TELEGRAM_OBFUSCATED: ProtocolDefinition = {
  name: 'telegram-obfuscated',
  protocol: 'mtproto',
  opaque: true,
  firstSegment: true,
  transport: 'tcp',
  ports: [],
  probeLimit: OBFUSCATED_LIMIT,
  probe: probeObfuscated,
  create: () => new OpeningParser(OBFUSCATED_OPENING),
};
