/** What the rules say of protocols and services, held against the parsers that there are. */
import { describe, expect, test } from 'vitest';
import type { ProtocolDefinition } from '../parsers/contract.ts';
import { PROTOCOLS as READ } from '../parsers/registry.ts';
import { EMPTY_CATALOGUE } from '../rules/catalogue/catalogue.ts';
import { MODES } from '../rules/check/answer.ts';
import { checkRules } from '../rules/check/check-rules.ts';
import { enforceability } from '../rules/check/enforceability.ts';
import { DATAGRAM_PROTOCOLS, PROTOCOLS, RECOGNISED_PROTOCOLS } from '../rules/check/protocols.ts';
import { knownServices } from '../rules/check/services.ts';
import { rulesFromText } from '../rules/load.ts';
import type { Policy } from '../rules/policy/policy.ts';

/** The protocol's name in events. */
function saidAs({ name, protocol = name }: ProtocolDefinition): string {
  return protocol;
}

/** What the table gets wrong about the protocols of a registry. */
function differences(read: readonly ProtocolDefinition[]): string[] {
  const found: string[] = [];
  for (const definition of read) {
    const { service = definition.name, neutralise, tunnel, opaque } = definition;
    if (tunnel === true) continue; // no event is ever of it, but of the host that it is asked for
    const name = saidAs(definition);
    if (opaque === true) {
      if (!RECOGNISED_PROTOCOLS.has(name)) found.push(`${name}: not among those recognised`);
      else if (DATAGRAM_PROTOCOLS.has(name) && definition.transport !== 'udp') {
        found.push(`${name}: not only over UDP`);
      }
      continue;
    }
    const said = PROTOCOLS.get(name);
    if (said === undefined) found.push(`${name}: not in the rules' table`);
    else if (said.neutral !== (neutralise !== undefined)) found.push(`${name}: neutral form`);
    // What rules check says that connections are for.
    const activity = said?.carries === 'transfer' ? 'media' : 'chat';
    if (said !== undefined && (definition.activity ?? 'chat') !== activity) {
      found.push(`${name}: activity`);
    }
    if (said?.carries === 'conversation' && !said.services.includes(service)) {
      found.push(`${name}: service ${service}`);
    }
  }
  const names = new Set(read.filter(({ opaque }) => opaque !== true).map(saidAs));
  for (const name of PROTOCOLS.keys()) if (!names.has(name)) found.push(`${name}: no parser`);
  return found;
}

function policyOf(rules: string): Policy {
  const { policy, diagnostics } = rulesFromText(`sallyport: 1\nrules:\n${rules}`);
  if (policy === undefined) throw new Error(JSON.stringify(diagnostics));
  return policy;
}

describe('the table of protocols', () => {
  test('says of each parser what its line in the registry says', () => {
    expect(differences(READ)).toEqual([]);
  });

  test('and would be found out', () => {
    const now = differences(READ);
    const more = (read: readonly ProtocolDefinition[]) =>
      differences(read).filter((one) => !now.includes(one));
    const [first, ...rest] = READ;
    if (first === undefined) throw new Error('no parsers');
    const { neutralise: _, ...plain } = first;
    expect(more([plain, ...rest])).toEqual([`${first.name}: neutral form`]);
    expect(more(rest)).toEqual([`${first.name}: no parser`]);
    expect(more([...READ, { ...first, name: 'semaphore' }])).toHaveLength(1);
    const opaque = { ...plain, name: 'smoke', opaque: true };
    expect(more([...READ, opaque])).toEqual(['smoke: not among those recognised']);
  });

  test.each([...PROTOCOLS])('%s belongs to services that rules know', (_name, { services }) => {
    for (const service of services) {
      expect(knownServices(EMPTY_CATALOGUE).get(service)?.protocols).not.toEqual([]);
    }
  });
});

describe('rules check', () => {
  const SERVICES = knownServices(EMPTY_CATALOGUE);
  const read = new Set(READ.flatMap((read) => PROTOCOLS.get(saidAs(read))?.services ?? []));

  test.each(MODES)('claims nothing in %s mode of a service that no parser reads', (mode) => {
    const policy = policyOf(`  - { id: watch, on: '*', also: log }
  - { id: drop, on: [message, file.*], then: drop }
  - { id: shadow, on: message, then: drop, mode: shadow }`);
    const answers = enforceability(policy, SERVICES, mode);
    expect(answers.length).toBe(3 * SERVICES.size);
    for (const { service, degree, reasons } of answers) {
      if (read.has(service)) continue;
      expect(degree, service).toBe('not');
      expect(reasons, service).not.toEqual([]);
    }
    const watched = answers.filter((a) => a.rule === 'watch' && read.has(a.service));
    expect(watched.map(({ degree }) => degree)).toEqual(watched.map(() => 'enforced'));
  });

  test('knows every protocol and service by name, and suggests', () => {
    const names = [...PROTOCOLS.keys(), ...RECOGNISED_PROTOCOLS].join();
    const all = policyOf(`  - { id: a, on: '*', if: { protocol: [${names}] }, also: log }
  - { id: b, on: '*', if: { service: [${[...SERVICES.keys()].join()}] }, also: log }
  - { id: c, on: '*', if: { protocol: xmp }, also: log }
  - { id: d, on: '*', if: { service: ircc }, also: log }`);
    const said = checkRules(all, SERVICES).map(({ what, hint }) => [what, hint]);
    expect(said).toEqual([
      ["no protocol is known as 'xmp'", expect.stringContaining('xmpp')],
      ["no service is known as 'ircc'", expect.stringContaining('irc')],
    ]);
  });
});
