/** What a deployment of each kind can carry out, for services that are read and such as are only recognised. */
import { describe, expect, test } from 'vitest';
import { servicesFromText } from '../catalogue/load-services.ts';
import { rulesFromText } from '../load.ts';
import { formatDiagnostic } from '../source/diagnostic.ts';
import type { Means, Mode } from './answer.ts';
import { checkRules } from './check-rules.ts';
import { enforceability } from './enforceability.ts';
import { knownServices } from './services.ts';

const { catalogue, diagnostics } = servicesFromText(`sallyport: 1
services:
  - service: whatsapp
    source: here
    date: "2026-11-26"
    entries:
      - { activity: chat, hosts: [g.whatsapp.net] }
      - { activity: media, hosts: [mmg.whatsapp.net] }
  - service: telegram
    source: here
    date: "2026-11-26"
    entries:
      - { activity: chat, signatures: [telegram-abridged] }
  - service: signal
    source: here
    date: "2026-11-26"
    entries:
      - { hosts: [signal.org] }
  - service: icq
    source: here
    date: "2026-11-26"
    entries:
      - { activity: chat, hosts: [icq.example] }
  - service: doh-example
    kind: evasion
    source: here
    date: "2026-11-26"
    entries:
      - { hosts: [dns.example] }
`);
if (catalogue === undefined) throw new Error(diagnostics.map(formatDiagnostic).join('\n'));
const SERVICES = knownServices(catalogue);

function answers(rules: string, mode: Mode, means?: Means) {
  const { policy, diagnostics: faults } = rulesFromText(`sallyport: 1\nrules:\n${rules}`);
  if (policy === undefined) throw new Error(faults.map(formatDiagnostic).join('\n'));
  return enforceability(policy, SERVICES, mode, means);
}

/** `xmpp enforced: why; why` */
function told(rules: string, mode: Mode, means?: Means): string[] {
  return answers(rules, mode, means).map(({ service, degree, reasons }) =>
    `${service} ${degree}: ${reasons.join('; ')}`.replace(/: $/, ''),
  );
}

describe('conversations', () => {
  const DROP = '  - { id: r, on: message, if: { service: [xmpp, stomp, whatsapp] }, then: drop }';
  const MASK =
    '  - { id: r, on: message, if: { service: xmpp, text: { contains: x } }, then: redact }';
  const UNSEEN =
    "whatsapp not: 'message' cannot be seen in encrypted traffic: the service is only recognised";

  test('in a bridge', () => {
    expect(told(DROP, 'inline')).toEqual([
      'xmpp enforced: inside compression the connection is reset instead',
      'stomp not: no parser reads this service yet',
      UNSEEN,
    ]);
    expect(told(MASK, 'inline')).toEqual([expect.stringMatching(/^xmpp partly: masked where/)]);
  });
  test('at a tap', () => {
    const [xmpp] = told(DROP, 'tap');
    expect(xmpp).toBe('xmpp not: tap mode sees copies of packets: it cannot drop');
    expect(told(DROP, 'tap', { resets: true })[0]).toMatch(/^xmpp partly: the connection is reset/);
    expect(told(MASK, 'tap', { resets: true })[0]).toMatch(/^xmpp not/);
  });
  test('in a recording, and in a proxy', () => {
    expect(told(DROP, 'replay')[0]).toMatch(/^xmpp not: replay reports/);
    expect(told(DROP, 'proxy')).toEqual(['xmpp enforced', expect.any(String), UNSEEN]);
  });
  test('transfers have connections of their own, which are reset', () => {
    const started = '  - { id: f, on: file.start, if: { service: [irc, xmpp] }, then: drop }';
    expect(told(started, 'inline')).toEqual([
      expect.stringMatching(/^xmpp enforced: .*compression.*resetting its own connection/),
      'irc enforced: a transfer under way is stopped by resetting its own connection',
    ]);
    const offered = '  - { id: o, on: file.offer, if: { service: irc }, then: drop }';
    expect(told(offered, 'inline')).toEqual(['irc enforced']);
  });
  test('of a service that is read, what is encrypted is not', () => {
    expect(told('  - { id: r, on: message, if: { service: icq }, then: drop }', 'inline')).toEqual([
      'icq enforced: what of it is encrypted is only recognised',
    ]);
  });
  test('a relay of names is no party to them', () => {
    const all = answers('  - { id: r, on: message, then: drop }', 'inline');
    expect(all.map(({ service }) => service)).not.toContain('doh-example');
    expect(all.map(({ service }) => service)).toContain('signal');
    const about = (condition: string) =>
      answers(`  - { id: r, on: flow.identified, ${condition}then: drop }`, 'inline').map(
        ({ service }) => service,
      );
    expect(about('')).toContain('doh-example');
    expect(about('if: { activity: media }, ')).not.toContain('doh-example');
    // No entry tells what it is for, and one that does not is no media either.
    expect(about('if: { activity: { not: media } }, ')).toContain('doh-example');
    expect(about('if: { activity: lookup }, ')).toContain('doh-example');
  });
});

describe('connections', () => {
  const rule = (condition: string, more = 'then: drop', on = 'flow.identified') =>
    `  - { id: r, on: ${on}, if: ${condition}, ${more} }`;
  const REFUSED = 'the connection is refused at the message that tells it, most often its first';

  test('in a bridge they are refused', () => {
    const both = rule('{ service: [irc, whatsapp] }');
    expect(told(both, 'inline')).toEqual([
      `irc enforced: ${REFUSED}`,
      `whatsapp enforced: ${REFUSED}`,
    ]);
    expect(told(both, 'proxy')).toEqual(told(both, 'inline'));
    expect(told(rule('{ service: whatsapp }', 'then: hold'), 'inline')[0]).toMatch(
      /^whatsapp partly: a connection has no parts .*: it is refused$/,
    );
  });
  test('a tap is late, and reaches TCP alone', () => {
    const all = rule('{ service: whatsapp }');
    expect(told(all, 'tap')[0]).toMatch(/^whatsapp not: tap mode sees copies/);
    expect(told(all, 'tap', { resets: true })[0]).toMatch(/^whatsapp partly: over TCP both sides/);
    for (const udp of ['flow.transport: udp', 'protocol: quic', 'protocol: [dtls, quic]']) {
      const answer = told(rule(`{ service: whatsapp, ${udp} }`), 'tap', { resets: true });
      expect(answer, udp).toEqual(['whatsapp not: a tap cannot stop datagrams']);
    }
    const either = rule('{ service: whatsapp, protocol: { not: quic } }');
    expect(told(either, 'tap', { resets: true })[0]).toMatch(/^whatsapp partly/);
  });
  test('a recording changes nothing, watching always works, the end is too late', () => {
    expect(told(rule('{ service: whatsapp }'), 'replay')[0]).toMatch(/^whatsapp not: replay/);
    expect(told(rule('{ service: whatsapp }', 'also: log'), 'replay')).toEqual([
      'whatsapp enforced',
    ]);
    expect(told(rule('{ service: whatsapp }', 'then: drop', 'flow.end'), 'inline')).toEqual([
      'whatsapp not: the connection is over by then',
    ]);
    const shadow = rule('{ service: whatsapp }', 'then: drop, mode: shadow');
    expect(told(shadow, 'replay')).toEqual(['whatsapp enforced']);
  });
  test('what asks for content can never hold', () => {
    expect(told(rule("{ service: whatsapp, account: 'x' }"), 'inline')[0]).toMatch(
      /^whatsapp not: 'account' cannot be seen in encrypted traffic/,
    );
  });
  test('nobody is told', () => {
    expect(told(rule('{ service: whatsapp }', "then: drop, tell: 'no'"), 'proxy')[0]).toMatch(
      /^whatsapp partly: .*nobody is told$/,
    );
  });

  test('an activity that a service does not show cannot be asked of it', () => {
    const media = rule('{ service: [whatsapp, telegram, signal, irc], activity: media }');
    expect(told(media, 'inline')).toEqual([
      `irc enforced: ${REFUSED}`,
      // In catalogue order; Telegram's first octets name a data centre for media.
      'signal not: none of its connections is told to be for media',
      `telegram enforced: ${REFUSED}`,
      `whatsapp enforced: ${REFUSED}`,
    ]);
    expect(told(rule('{ service: whatsapp, activity: [call, push] }'), 'inline')).toEqual([
      'whatsapp not: none of its connections is told to be for call or push',
    ]);
    expect(told(rule('{ service: whatsapp, activity: { not: [chat, media] } }'), 'inline')).toEqual(
      [
        `whatsapp enforced: ${REFUSED}`, // lookups
      ],
    );
    expect(told(rule('{ service: signal, activity: lookup }', 'also: log'), 'tap')).toEqual([
      'signal enforced',
    ]);
  });

  test('a list names services as well as the rule does, to take or to leave', () => {
    const lists = `sallyport: 1
lists: { approved: { values: [whatsapp, 'tele*', irc] } }
rules:
`;
    const of = (test: string) => {
      const { policy } = rulesFromText(`${lists}${rule(`{ service: { ${test}: approved } }`)}`);
      const all = policy === undefined ? [] : enforceability(policy, SERVICES, 'inline');
      return all.map(({ service }) => service);
    };
    expect(of('in')).toEqual(['irc', 'telegram', 'whatsapp']);
    expect(of('not-in')).toEqual([...SERVICES.keys()].filter((one) => !of('in').includes(one)));
    expect(of('not-in')).toContain('doh-example');
  });
});

describe('names of services', () => {
  const doubts = (condition: string, lists = '{}') => {
    const { policy, diagnostics: faults } = rulesFromText(
      `sallyport: 1\nlists: ${lists}\nrules:\n  - { id: a, on: flow.*, if: ${condition}, then: drop }\n  - { id: b, on: message, if: ${condition}, also: log }`,
    );
    if (policy === undefined) throw new Error(faults.map(formatDiagnostic).join('\n'));
    return checkRules(policy, SERVICES).map(formatDiagnostic);
  };
  test('of the catalogue and of the parsers are known', () => {
    expect(doubts('{ service: [whatsapp, doh-example, gadu-gadu, stomp] }')).toEqual([]);
    expect(doubts('{ service: whatsap }')).toEqual([
      "rules.yaml:4:32: warning: no service is known as 'whatsap' (did you mean 'whatsapp'?)",
      "rules.yaml:5:33: warning: no service is known as 'whatsap' (did you mean 'whatsapp'?)",
    ]);
  });
  test('also in lists, once each, where they stand', () => {
    expect(
      doubts('{ service: { not-in: l } }', "{ l: { values: [telegram, signl, 'x*'] } }"),
    ).toEqual([
      expect.stringMatching(
        /^rules\.yaml:2:34: warning: no service is known as 'signl' \(did you mean 'signal'/,
      ),
    ]);
  });
  test('without a catalogue none is doubted', () => {
    const { policy } = rulesFromText(
      'sallyport: 1\nrules: [{ id: a, on: message, if: { service: whatsap }, then: drop }]',
    );
    expect(policy && checkRules(policy)).toEqual([]);
  });
});
