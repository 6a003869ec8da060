import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ServiceMatch } from '../../src/inspect/service-catalogue.ts';
import type { MatchEntry } from './catalogue.ts';
import { compileServices } from './compiled-services.ts';
import { exampleOf, labelMatcher } from './host-pattern.ts';
import { answer, readSubject } from './subject.ts';

const NOTHING: MatchEntry = {
  service: 'none',
  activity: undefined,
  confidence: 'high',
  shared: false,
  hosts: [],
  exact: [],
  signatures: [],
  networks: [],
  ports: [],
  transport: undefined,
};
const entry = (service: string, more: Partial<MatchEntry>): MatchEntry => ({
  ...NOTHING,
  service,
  ...more,
});

const services = compileServices([
  entry('web', { hosts: ['whatsapp.net'] }),
  entry('chat', { hosts: ['e[1-16].whatsapp.net', 'g.whatsapp.net', 'chat.cdn.whatsapp.net'] }),
  entry('media', { hosts: ['media-*.fna.whatsapp.net', 'cdn.whatsapp.net'] }),
  entry('whole', { exact: ['bucket.storage.example.com', 'intranet'] }),
  entry('any', { hosts: ['irc.example.org'] }),
  entry('at-port', { hosts: ['irc.example.org'], ports: [[6660, 6669]] }),
  entry('deep', { hosts: ['*.deep.example.org', 'a*c*e.example.org'] }),
  entry('net', { networks: ['149.154.160.0/20', '2001:67c:4e8::/48'] }),
  entry('calls', { networks: ['149.154.160.0/20'], ports: [[500, 600]], transport: 'udp' }),
  entry('one', { networks: ['149.154.167.50'] }),
  entry('signs', { signatures: ['whatsapp-noise', 'alpn:apns-security-v3'] }),
]);

describe('a name', () => {
  test.each([
    ['whatsapp.net', 'web'],
    ['x.y.whatsapp.net', 'web'],
    ['notwhatsapp.net', undefined],
    ['whatsapp.net.example', undefined],
    ['net', undefined],
    ['e1.whatsapp.net', 'chat'],
    ['e16.whatsapp.net', 'chat'],
    ['e17.whatsapp.net', 'web'],
    ['e01.whatsapp.net', 'web'],
    ['e1.e1.whatsapp.net', 'chat'],
    ['media-fra3-1.fna.whatsapp.net', 'media'],
    ['media-.fna.whatsapp.net', 'media'],
    ['xmedia-1.fna.whatsapp.net', 'web'],
    ['chat.cdn.whatsapp.net', 'chat'],
    ['x.cdn.whatsapp.net', 'media'],
    ['bucket.storage.example.com', 'whole'],
    ['x.bucket.storage.example.com', undefined],
    ['intranet', 'whole'],
    ['a.intranet', undefined],
    ['irc.example.org:6667', 'at-port'],
    ['irc.example.org:443', 'any'],
    ['irc.example.org', 'at-port'],
    ['q.deep.example.org', 'deep'],
    ['deep.example.org', undefined],
    ['abcde.example.org', 'deep'],
    ['ace.example.org', 'deep'],
    ['ac.example.org', undefined],
    ['', undefined],
    ['.', undefined],
    ['..whatsapp.net', 'web'],
    ['.whatsapp.net', 'web'],
    ['whatsapp..net', undefined],
    [`${'a.'.repeat(200)}whatsapp.net`, undefined],
    ['__proto__.whatsapp.net', 'web'],
    ['constructor', undefined],
  ])('%s is of %s', (name, service) => {
    const [host = '', port = '0'] = name.split(':');
    expect(services.byHost(host, Number(port))?.service).toBe(service);
  });

  test('of as many labels the literal ones come first, whatever the order', () => {
    const glob = entry('glob', { hosts: ['a*.example.com'] });
    const plain = entry('plain', { hosts: ['ab.example.com'] });
    for (const both of [
      [glob, plain],
      [plain, glob],
    ]) {
      const compiled = compileServices(both);
      expect(compiled.byHost('ab.example.com', 0)?.service).toBe('plain');
      expect(compiled.byHost('x.ab.example.com', 0)?.service).toBe('plain');
      expect(compiled.byHost('ac.example.com', 0)?.service).toBe('glob');
    }
  });

  test('more labels count more, also behind a glob', () => {
    const compiled = compileServices([
      entry('short', { hosts: ['ab.example.com'] }),
      entry('long', { hosts: ['x.a*.example.com'] }),
    ]);
    expect(compiled.byHost('x.ab.example.com', 0)?.service).toBe('long');
    expect(compiled.byHost('y.ab.example.com', 0)?.service).toBe('short');
  });
});

describe('an address', () => {
  test.each([
    ['149.154.160.0', 'net'],
    ['149.154.175.255:443', 'net'],
    ['149.154.159.255', undefined],
    ['149.154.176.0', undefined],
    ['149.154.167.50', 'one'],
    ['149.154.160.1:530/udp', 'calls'],
    ['149.154.160.1:530/tcp', 'net'],
    ['149.154.160.1:601/udp', 'net'],
    ['[2001:67c:4e8::1]:443', 'net'],
    ['2001:67c:4e9::1', undefined],
    ['0.0.0.0', undefined],
    ['255.255.255.255', undefined],
    ['::1', undefined],
  ])('%s is of %s', (address, service) => {
    const subject = readSubject(address, () => false);
    expect(subject.kind).toBe('address');
    expect(answer(services, subject)?.service).toBe(service);
  });
});

test('a signature is one by its whole name', () => {
  expect(services.bySignature('whatsapp-noise')?.service).toBe('signs');
  expect(services.bySignature('alpn:apns-security-v3')?.service).toBe('signs');
  expect(services.bySignature('whatsapp')).toBeUndefined();
  expect(services.bySignature('__proto__')).toBeUndefined();
});

/** The same by looking at every pattern. */
function naive(entries: readonly MatchEntry[], host: string): ServiceMatch['service'] | undefined {
  let best: { service: string; labels: number; rank: number } | undefined;
  for (const { service, hosts, exact } of entries) {
    for (const [patterns, whole] of [
      [hosts, false],
      [exact, true],
    ] as const) {
      for (const pattern of patterns) {
        const labels = pattern.split('.');
        const own = host.split('.').slice(-labels.length);
        const fits =
          own.length === labels.length &&
          (!whole || own.length === host.split('.').length) &&
          labels.every((label, i) => labelMatcher(label)(own[i] ?? ''));
        const rank = whole ? 2 : 1;
        if (!fits || labels.length < (best?.labels ?? 0)) continue;
        if (labels.length === best?.labels && rank <= best.rank) continue;
        best = { service, labels: labels.length, rank };
      }
    }
  }
  return best?.service;
}

test('any name is answered as by looking at every pattern', () => {
  const label = fc.constantFrom('a', 'b', 'ab', 'com', 'net', 'x1', 'x2');
  const name = fc.array(label, { minLength: 1, maxLength: 6 }).map((labels) => labels.join('.'));
  const pattern = fc.array(label, { minLength: 2, maxLength: 5 }).map((labels) => labels.join('.'));
  fc.assert(
    fc.property(fc.uniqueArray(pattern, { maxLength: 20 }), fc.array(name), (patterns, names) => {
      const entries = patterns.map((one, i) =>
        entry(one, i % 3 === 0 ? { exact: [one] } : { hosts: [one] }),
      );
      const compiled = compileServices(entries);
      for (const host of [...names, ...patterns, ...patterns.map((p) => `b.${p}`)]) {
        expect(compiled.byHost(host, 443)?.service, host).toBe(naive(entries, host));
      }
    }),
  );
});

test('no name whatever throws', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.integer(), (host, port) => {
      services.byHost(host, port);
      services.bySignature(host);
      services.byHost(`${host}.whatsapp.net`, port);
    }),
  );
});

test('the example of a pattern fits it', () => {
  for (const pattern of ['e[1-16].whatsapp.net', 'media-*.fna.whatsapp.net', 'a*c*e.example.org']) {
    const compiled = compileServices([entry('it', { hosts: [pattern] })]);
    expect(compiled.byHost(exampleOf(pattern), 0)?.service).toBe('it');
  }
});
