/** What rules can ask of connections that are only recognised, and what they remember of those refused. */
import { describe, expect, test } from 'vitest';
import { decodeEvent } from '../src/event/decode.ts';
import { ACTIVITIES, CONFIDENCES, EVIDENCE, ImEvent } from '../src/event/event.ts';
import { checkRules } from './check/check-rules.ts';
import { CompiledRules } from './compile.ts';
import { diffRules } from './diff.ts';
import { explainEvent } from './explain.ts';
import { rulesFromText } from './load.ts';
import { runTests } from './run-tests.ts';
import { formatDiagnostic } from './source/diagnostic.ts';
import { finish } from './steps.ts';
import { decodingPolicy } from './transfer/decode-policy.ts';
import { encodePolicy } from './transfer/encode-policy.ts';

const MEDIA = {
  kind: 'flow.identified',
  service: 'whatsapp',
  protocol: 'tls',
  visibility: 'metadata',
  flow: { transport: 'tcp', client: '10.0.0.5:40123', server: '198.51.100.7:443' },
  tls: {
    version: '1.3',
    sni: 'mmg.whatsapp.net',
    alpn: 'h2',
    ja3: 'cd08e31494f9531f560d64c695473da9',
    ja4: 't13d1516h2_8daaf6152771_e5627efa2ab1',
  },
  activity: 'media',
  evidence: 'sni',
  confidence: 'high',
  host: 'mmg.whatsapp.net',
};

function event(fields: Readonly<Record<string, unknown>> = {}): ImEvent {
  const { event: read, problems } = decodeEvent({ ...MEDIA, ...fields });
  if (read === undefined) throw new Error(JSON.stringify(problems));
  return read;
}

function load(text: string): CompiledRules {
  const { rules, diagnostics } = rulesFromText(`sallyport: 1\n${text}`);
  if (rules === undefined) throw new Error(diagnostics.map(formatDiagnostic).join('\n'));
  return rules;
}

function mistakes(text: string): string[] {
  const { policy, diagnostics } = rulesFromText(`sallyport: 1\n${text}`);
  return [...diagnostics, ...(policy === undefined ? [] : checkRules(policy))].map(
    formatDiagnostic,
  );
}

const ruleIf = (condition: string, on = 'flow.*') =>
  `rules: [{ id: r, on: '${on}', if: ${condition}, then: drop }]`;

/** A condition, and whether it holds for MEDIA with `change`. */
const ROWS: [condition: string, holds: boolean, change?: Readonly<Record<string, unknown>>][] = [
  ['{ activity: media }', true],
  ['{ activity: [media, media-upload] }', true],
  ['{ activity: chat }', false],
  ['{ activity: { not: lookup } }', true],
  ['{ activity: { not: [media, call] } }', false],
  ['{ activity: { not: lookup } }', true, { activity: undefined }],
  ['{ activity: media }', false, { activity: undefined }],
  ['{ evidence: sni }', true],
  ['{ evidence: { not: [address, dns] } }', true],
  ['{ evidence: learned }', true, { evidence: 'learned' }],
  ['{ confidence: { not: low } }', true],
  ['{ confidence: { not: low } }', false, { confidence: 'low' }],
  ['{ confidence: [high, medium] }', false, { confidence: undefined }],
  ['{ host: MMG.whatsapp.net }', true],
  ["{ host: { glob: '*.whatsapp.net' } }", true],
  ["{ host: { glob: '*.whatsapp.net' } }", false, { host: 'whatsapp.net.evil.example' }],
  ['{ host: { ends: .whatsapp.net } }', true],
  ["{ host: { in: ['g.whatsapp.net', 'mmg.whatsapp.net'] } }", true],
  ['{ host: { not-in: [g.whatsapp.net] } }', true],
  ["{ tls.sni: { regex: '^mmg' } }", true],
  ['{ tls.alpn: h2 }', true],
  ['{ tls.alpn: [h3, http/1.1] }', false],
  ['{ tls.ja3: CD08E31494F9531F560D64C695473DA9 }', true],
  ['{ tls.ja4: { starts: t13d } }', true],
  ['{ tls.version: 1.3 }', true],
  ["{ tls.version: '1.3' }", true],
  ['{ tls.version: [1.0, 1.1] }', false],
  ['{ tls.version: 1.0 }', true, { tls: { version: '1.0' } }],
  ['{ tls.version: { not: [1.0] } }', false, { tls: { version: '1.0' } }],
  ['{ tls.ech: true }', false],
  ['{ tls.ech: false }', true],
  ['{ tls.ech: true }', true, { tls: { ech: true } }],
  ['{ tls.ech: false }', true, { tls: { ech: false } }],
  ['{ tls.ech: false }', true, { tls: undefined }],
  ['{ flow.transport: tcp }', true],
  ['{ flow.transport: udp }', false],
  ['{ flow.transport: udp }', true, { flow: { transport: 'udp' } }],
];

describe('what is seen of a connection', () => {
  test.each(ROWS)('%s: %s %j', (condition, holds, change = {}) => {
    const rules = load(ruleIf(condition));
    expect(rules.judge(event(change)).action).toBe(holds ? 'drop' : 'pass');
  });

  test('each row as another thread judges it', () => {
    for (const [condition, holds, change = {}] of ROWS) {
      const policy = finish(decodingPolicy(encodePolicy(load(ruleIf(condition)).policy)));
      const verdict = new CompiledRules(policy, 'sha256:0').judge(event(change));
      expect(verdict.action, condition).toBe(holds ? 'drop' : 'pass');
    }
  });

  test('every activity, evidence and confidence of the event model can be asked for', () => {
    for (const [field, values] of [
      ['activity', ACTIVITIES],
      ['evidence', EVIDENCE],
      ['confidence', CONFIDENCES],
    ] as const) {
      for (const value of values) {
        const rules = load(ruleIf(`{ ${field}: ${value} }`));
        expect(rules.judge(event({ [field]: value })).action, value).toBe('drop');
      }
    }
  });

  test('nothing of it is found in a message', () => {
    for (const condition of ['{ activity: { not: lookup } }', '{ tls.ech: false }']) {
      const rules = load(ruleIf(condition, '*'));
      expect(rules.judge(new ImEvent('message')).action, condition).toBe('pass');
    }
  });

  test.each([
    ['{ activity: medai }', /'activity' cannot be 'medai' \(did you mean 'media'\?\)/],
    ['{ evidnce: sni }', /knows no 'evidnce' \(did you mean 'evidence'\?\)/],
    ['{ confidence: certain }', /'confidence' cannot be 'certain' \(one of: high, medium, low\)/],
    ['{ tls.ech: maybe }', /tls\.ech.*true or false|boolean/],
    ['{ tls.version: TLS1.3 }', /no TLS version is known as 'TLS1\.3'/],
    ['{ tls.version: 3 }', /no TLS version is known as '3'/],
  ])('%s is a mistake with a hint', (condition, said) => {
    const found = mistakes(ruleIf(condition));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(said);
  });

  test('that a message has none of it is told', () => {
    expect(mistakes(ruleIf('{ activity: media }', 'message')).join()).toContain(
      "no message event has 'activity'",
    );
  });

  test('is explained with what was found', () => {
    const rules = load(
      ruleIf('{ service: whatsapp, activity: chat, host: { ends: .whatsapp.net }, tls.ech: true }'),
    );
    const [explained] = explainEvent(rules, event({ tls: { ech: true } })).rules;
    expect(explained?.conditions).toMatchObject([
      { condition: 'service is whatsapp', holds: true, actual: 'whatsapp' },
      { condition: 'activity is chat', holds: false, actual: 'media' },
      { condition: "host ends with '.whatsapp.net'", holds: true, actual: 'mmg.whatsapp.net' },
      { condition: 'tls.ech', holds: true },
    ]);
  });
});

describe('learn', () => {
  const rule = (more: string, on = 'flow.identified') =>
    `{ id: ${more.replace(/\W/g, '')}, on: ${on}, if: { service: whatsapp }, ${more} }`;
  const verdict = (...rules: string[]) =>
    load(`rules: [${rules.map((more) => rule(more)).join(', ')}]`).judge(event());

  test('seconds in the verdict of a refusal', () => {
    expect(verdict('then: drop, also: { learn: 1h }').learn).toBe(3600);
    expect(verdict('then: reset, also: [log, { learn: 1.5s }]').learn).toBe(2);
    expect(verdict('then: drop, also: [{ learn: 7d }]').learn).toBe(604_800);
    expect(verdict('then: drop')).not.toHaveProperty('learn');
  });

  test('the longest of several rules, and only where it is refused', () => {
    expect(verdict('also: { learn: 2h }', 'then: drop, also: { learn: 1h }').learn).toBe(7200);
    expect(verdict('also: { learn: 2h }', 'then: drop').learn).toBe(7200);
    expect(verdict('also: { learn: 2h }', 'then: pass')).not.toHaveProperty('learn');
    expect(verdict('also: { learn: 2h }')).not.toHaveProperty('learn');
    expect(verdict('then: drop, also: { learn: 1h }, mode: shadow')).not.toHaveProperty('learn');
  });

  test('goes to other threads', () => {
    const { policy } = load(`rules: [${rule('then: drop, also: { learn: 1h }')}]`);
    const sent = finish(decodingPolicy(encodePolicy(policy)));
    expect(new CompiledRules(sent, 'sha256:0').judge(event()).learn).toBe(3600);
  });

  test.each([
    ['then: drop, also: { learn: soon }', /'soon' is not a duration \(write 30s/],
    ['then: drop, also: [log, { learn: 0s }]', /:1?\d*:?.*'0s' is not a duration/],
    ['then: drop, also: { learn: 8d }', /'8d' is too long to know an address by \(at most 7d/],
    ['then: drop, also: { lern: 1h }', /did you mean 'learn'/],
    ['then: pass, also: { learn: 1h }', /learns no address.*drop or reset/],
    ['also: { learn: 1h }', /learns no address.*drop or reset/],
  ])('%s is told of', (more, said) => {
    const found = mistakes(`rules:\n  - ${rule(more)}`);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(said);
  });

  test('a rule on other kinds of event learns nothing, which is told', () => {
    const found = mistakes(`rules:\n  - ${rule('then: drop, also: { learn: 1h }', 'message')}`);
    expect(found.join()).toMatch(/learns no address.*flow\.identified/);
    expect(mistakes(`rules:\n  - ${rule('then: drop, also: { learn: 1h }', 'flow.*')}`)).toEqual(
      [],
    );
  });

  test('tests of rule files expect it', () => {
    const file = (expected: string) => `rules:\n  - ${rule('then: drop, also: { learn: 1h }')}
tests:
  - name: it is learned
    event: { kind: flow.identified, service: whatsapp }
    expect: { action: drop, learn: ${expected} }`;
    const problems = (expected: string) =>
      runTests(load(file(expected))).flatMap((result) => result.problems);
    expect(problems('1h')).toEqual([]);
    expect(problems('60m')).toEqual([]);
    expect(problems('2h')).toEqual(['learn: expected 7200, got 3600']);
    expect(problems('none')).toEqual(['learn: expected 0, got 3600']);
    expect(mistakes(file('ever')).join()).toMatch(/'ever' is not a duration/);
  });
});

describe('the difference of two policies', () => {
  const PASS = 'rules: []';
  const REFUSE = 'rules: [{ id: r, on: flow.identified, then: drop, also: { learn: 1h } }]';

  test('on recorded connections: by client, service and what for, however many ports', () => {
    const from = (client: string, more = {}) =>
      event({ flow: { transport: 'tcp', client, server: '198.51.100.7:443' }, ...more });
    const { changes, changed } = diffRules(load(PASS), load(REFUSE), [
      from('10.0.0.5:40001'),
      from('10.0.0.5:40002'),
      from('[2001:db8::5]:1', { activity: 'chat' }),
      from('10.0.0.5:40003', { kind: 'flow.end', activity: undefined }),
      from('10.0.0.6:1', { service: 'signal', activity: undefined }),
      from('10.0.0.7:1', { service: 'qq', account: '12345' }),
    ]);
    expect(changed).toBe(5);
    expect(changes.map(({ account, peer, events }) => [account, peer, events])).toEqual([
      ['10.0.0.5', 'whatsapp media', 2],
      ['2001:db8::5', 'whatsapp chat', 1],
      ['10.0.0.6', 'signal', 1],
      ['12345', 'qq media', 1],
    ]);
  });

  test('what is learned is a difference', () => {
    const shorter = load(REFUSE.replace('1h', '30m'));
    expect(diffRules(load(REFUSE), shorter, [event()]).changed).toBe(1);
    expect(diffRules(load(REFUSE), load(REFUSE), [event()]).changed).toBe(0);
  });
});
