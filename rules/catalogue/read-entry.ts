/** One entry of a service file: what is written, checked and with its defaults. */
import type { Confidence } from '../../src/event/event.ts';
import { type Network, parseNetwork } from '../lists/cidr.ts';
import type { Diagnostics } from '../source/diagnostic.ts';
import type { Path, YamlSource } from '../source/yaml-source.ts';
import type { CatalogueEntry, PortRange, ServiceKind } from './catalogue.ts';
import { hostPatternFault } from './host-pattern.ts';
import type { WrittenEntry, WrittenService } from './schema.ts';

const SIGNATURE = /^[a-z0-9][A-Za-z0-9._/:-]{0,99}$/;

/** Its names may be taken away again (claims.ts). */
export interface ReadEntry extends CatalogueEntry {
  readonly hosts: string[];
  readonly exact: string[];
  readonly signatures: string[];
  readonly networks: string[];
}

export function readEntry(
  service: WrittenService,
  kind: ServiceKind,
  entry: WrittenEntry,
  path: Path,
  source: YamlSource,
  found: Diagnostics,
): ReadEntry {
  const check = (key: string, names: readonly string[], fault: (n: string) => string | undefined) =>
    names.filter((name, i) => {
      const why = fault(name);
      if (why === undefined) return true;
      found.error(source.place([...path, key, i]), `'${name}' is none of the ${key}`, why);
      return false;
    });
  const { hosts = [], exact = [], signatures = [], alpn = [], networks = [] } = entry;
  checkParts(entry, path, source, found);
  return {
    service: service.service,
    kind,
    activity: entry.activity,
    confidence: entry.confidence ?? presetConfidence(service, entry),
    shared: entry.shared ?? false,
    hosts: check('hosts', hosts, (name) => hostPatternFault(name, false)),
    exact: check('exact', exact, (name) => hostPatternFault(name, true)),
    signatures: [
      ...check('signatures', signatures, signatureFault),
      ...check('alpn', alpn, signatureFault).map((id) => `alpn:${id}`),
    ],
    networks: check('networks', networks, networkFault),
    ports: readPorts(entry, path, source, found),
    transport: entry.transport,
    source: entry.source ?? service.source,
    date: entry.date ?? service.date,
    proof: entry.proof ?? [],
    seen: entry.seen ?? [],
    place: source.place(path),
  };
}

function presetConfidence(service: WrittenService, entry: WrittenEntry): Confidence {
  if (entry.networks !== undefined) return 'low';
  return service.confidence ?? (entry.shared === true ? 'medium' : 'high');
}

function checkParts(entry: WrittenEntry, path: Path, source: YamlSource, found: Diagnostics): void {
  const { hosts, exact, signatures, alpn, networks, ports, transport } = entry;
  const named = hosts ?? exact;
  const signed = signatures ?? alpn;
  if (named === undefined && signed === undefined && networks === undefined) {
    const hint = 'hosts, exact, signatures, alpn or networks';
    found.error(source.place(path), 'the entry names nothing', hint);
  }
  if (networks !== undefined && (named ?? signed) !== undefined) {
    const hint = 'addresses are weaker evidence than names: write an entry of their own';
    found.error(source.keyPlace([...path, 'networks']), 'networks stand beside names', hint);
  }
  if (transport !== undefined && networks === undefined) {
    const what = "'transport' is of networks alone";
    found.error(source.keyPlace([...path, 'transport']), what, 'leave it out');
  }
  if (ports !== undefined && signed !== undefined) {
    const hint = 'write them in an entry of their own, without ports';
    found.error(source.keyPlace([...path, 'ports']), 'signatures hold at any port', hint);
  }
}

function readPorts(
  { ports = [] }: WrittenEntry,
  path: Path,
  source: YamlSource,
  found: Diagnostics,
): PortRange[] {
  return ports.map((port, i) => {
    const [from = 0, to = from] = typeof port === 'number' ? [port] : port.split('-').map(Number);
    if (from < 1 || to > 65_535 || to < from) {
      found.error(source.place([...path, 'ports', i]), `'${port}' is no range of ports`);
    }
    return [from, to];
  });
}

function signatureFault(name: string): string | undefined {
  return SIGNATURE.test(name)
    ? undefined
    : 'letters, digits and . _ / : -, the first one lower-case';
}

function networkFault(text: string): string | undefined {
  const network = parseNetwork(text);
  if (network === undefined) return 'write 192.0.2.0/24, 2001:db8::/32 or one address';
  for (let bit = network.bits; bit < 128; bit++) {
    if (((network.words[bit >> 5] ?? 0) >>> (31 - (bit & 31))) & 1) {
      return 'bits are set behind the length of its prefix';
    }
  }
  return isEveryAddress(network) ? 'this is every address' : undefined;
}

/** All of IPv6, or of IPv4. */
function isEveryAddress({ words, bits }: Network): boolean {
  const isV4 = words[0] === 0 && words[1] === 0 && words[2] === 0xffff;
  return bits === 0 || (isV4 && bits <= 96);
}
