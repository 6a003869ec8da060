import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import '../../test/support/property-seed.ts';
import { joined, octets } from '../../test/support/parser-harness.ts';
import {
  alpn,
  extension,
  hello,
  serverName,
  sized,
  supportedVersions,
  u8,
  u16,
  VECTOR,
} from './client-hello.fixture.ts';
import { ClientHello, HELLO_LIMIT, readClientHello } from './client-hello.ts';
import { ja3 } from './ja3.ts';
import { ja4 } from './ja4.ts';

function read(message: Uint8Array): ClientHello {
  const found = readClientHello(message, 0, message.length);
  if (found === undefined) throw new Error('no ClientHello');
  return found;
}

const withName = (name: string) => read(hello({ extensions: [serverName(name)] }));

test('the vector, with GREASE in every list', () => {
  const found = readClientHello(VECTOR, 5, VECTOR.length);
  expect(found).toMatchObject({
    wellFormed: true,
    legacyVersion: 0x0303,
    version: 0x0304,
    sessionIdLength: 32,
    sni: 'mmg.whatsapp.net',
    sniInvalid: false,
    sniTwice: false,
    ech: false,
  });
  expect(found?.alpn()).toEqual(['h2', 'http/1.1']);
  expect(found?.cipherSuites()).toEqual([0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f]);
  expect(found?.extensionTypes()).toEqual([0, 10, 11, 13, 16, 43, 51]);
  expect(found?.groups()).toEqual([29, 23]);
  expect(found?.supportedVersions()).toEqual([0x0304, 0x0303]);
  expect(found?.signatureAlgorithms()).toEqual([0x0403, 0x0804, 0x0401]);
  expect(found?.pointFormats()).toEqual([0]);
});

test('one object reads many: of the message before nothing is left', () => {
  const full = hello({
    extensions: [
      serverName('chat.example.org', 'other.example'),
      serverName('again.example'),
      alpn('h2'),
      supportedVersions(0x0304),
      extension(0xfe0d),
    ],
  });
  const messages = [VECTOR.subarray(5), full, full.subarray(0, 60), hello(), full.subarray(0, -3)];
  const facts = (found: ClientHello | undefined) =>
    found && {
      ...{ ...found },
      read: [found.sni, found.writtenName, found.sniInvalid, found.version],
      lists: [found.alpn(), found.cipherSuites(), found.extensionTypes(), found.groups()],
      others: [found.pointFormats(), found.signatureAlgorithms(), found.supportedVersions()],
    };
  const reused = new ClientHello();
  for (const first of messages) {
    for (const message of messages) {
      readClientHello(first, 0, first.length, false, reused)?.sni;
      const again = readClientHello(message, 0, message.length, false, reused);
      expect(facts(again)).toEqual(facts(readClientHello(message, 0, message.length)));
    }
  }
});

describe('the name asked for', () => {
  const longest = `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(61)}`;
  test.each([
    ['chat.Example.ORG', 'chat.example.org'],
    ['a.example.', 'a.example'],
    ['_xmpp.x-1.example', '_xmpp.x-1.example'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
    [longest, longest],
  ])('%s', (written, sni) => {
    const found = withName(written);
    expect([found.sni, found.sniInvalid]).toEqual([sni, false]);
  });

  test.each([
    '',
    '.',
    'a..example',
    '.example',
    'a.example..',
    'a\0.example',
    'b\xfccher.example',
    'a b.example',
    '192.0.2.1',
    '3221225985',
    '2001:db8::1',
    'a.example:443',
    `${'a'.repeat(64)}.example`,
    `${'a.'.repeat(126)}ab`,
  ])('none: %j', (written) => {
    const found = withName(written);
    expect([found.sni, found.sniInvalid, found.hasServerName]).toEqual([undefined, true, true]);
  });

  test('an address is no host, but shown', () => {
    expect(withName('192.0.2.1').writtenName).toBe('192.0.2.1');
    expect(withName('a\0.example').writtenName).toBeUndefined();
  });

  test('of two entries, or two extensions, the first', () => {
    const entries = read(hello({ extensions: [serverName('a.example', 'b.example')] }));
    expect([entries.sni, entries.sniTwice]).toEqual(['a.example', true]);
    const extensions = [serverName('a.example'), serverName('b.example')];
    const twice = read(hello({ extensions }));
    expect([twice.sni, twice.sniTwice]).toEqual(['a.example', true]);
  });

  test('an entry of another type is passed over', () => {
    const entries = sized(2, u8(7), sized(2, octets('x')), u8(0), sized(2, octets('a.example')));
    expect(read(hello({ extensions: [extension(0, entries)] })).sni).toBe('a.example');
  });
});

describe('versions', () => {
  test.each<[number, number[] | undefined, number]>([
    [0x0301, undefined, 0x0301],
    [0x0303, [0x0303, 0x0304], 0x0304],
    [0x0303, [0x7f1c, 0x0303], 0x7f1c],
    [0x0303, [0x0302], 0x0302],
    [0x0303, [0x9999], 0x0303],
    [0xfefd, [0xfefc, 0xfefd], 0xfefc],
  ])('legacy %d, offered %j', (version, offered, newest) => {
    const extensions = offered === undefined ? [] : [supportedVersions(...offered)];
    expect(read(hello({ version, extensions })).version).toBe(newest);
  });
});

test('an extension that comes twice', () => {
  const found = read(hello({ extensions: [alpn('a'), alpn('b')] }));
  expect([found.alpn(), found.extensionTwice]).toEqual([['a'], true]);
});

test.each([0xfe0d, 0xffce])('an encrypted hello or name: %d', (type) => {
  expect(read(hello({ extensions: [extension(type, u8(0))] })).ech).toBe(true);
});

test('GREASE among the protocols', () => {
  expect(read(hello({ extensions: [alpn('\x3a\x3a', 'h2')] })).alpn()).toEqual(['h2']);
});

test('without extensions, as SSL 3.0 has it', () => {
  const found = read(hello({ version: 0x0300 }));
  expect([found.wellFormed, found.extensionTypes(), found.sni]).toEqual([true, [], undefined]);
});

describe('what does not fit', () => {
  test('every prefix is read as far as it goes, and is told', () => {
    const message = VECTOR.subarray(5);
    const nameEnd = readClientHello(message, 0, message.length)?.name.end ?? 0;
    expect(nameEnd).toBeGreaterThan(64);
    for (let length = 0; length < message.length; length++) {
      const found = readClientHello(message, 0, length);
      expect(found?.wellFormed ?? false, `${length} octets`).toBe(false);
      if (length >= nameEnd) expect(found?.sni, `${length} octets`).toBe('mmg.whatsapp.net');
    }
  });

  test.each<[string, Uint8Array]>([
    ['a list of names longer than its extension', extension(0, u16(99), u8(0), u16(1), u8(0x61))],
    ['a name longer than its list', extension(0, u16(4), u8(0), u16(9), u8(0x61))],
    ['no list of names', extension(0)],
    ['a list of protocols longer than its extension', extension(16, u16(99), u8(1), u8(0x61))],
    ['an extension longer than the message', joined(u16(5), u16(900), u8(1))],
    ['half an extension', u16(5)],
  ])('%s', (_, broken) => {
    const found = read(hello({ extensions: [supportedVersions(0x0304), broken] }));
    expect([found.wellFormed, found.version]).toEqual([false, 0x0304]);
  });

  test('the name before the cut', () => {
    const named = serverName('a.example');
    const cut = joined(named.subarray(0, 2), u16(900), named.subarray(4));
    expect(read(hello({ extensions: [cut] })).sni).toBe('a.example');
  });

  test('a session id of 33 octets, an odd list of cipher suites, another type', () => {
    expect(readClientHello(hello({ sessionId: new Uint8Array(33) }), 0, 90)).toBeUndefined();
    const odd = hello();
    odd[4 + 34 + 2] = 1; // low octet of the list's length
    expect(readClientHello(odd, 0, odd.length)).toBeUndefined();
    expect(readClientHello(Uint8Array.of(2, 0, 0, 0), 0, 4)).toBeUndefined();
  });

  test('nothing behind the limit is read', () => {
    const padding = extension(21, new Uint8Array(HELLO_LIMIT));
    const found = read(hello({ extensions: [padding, serverName('a.example')] }));
    expect([found.sni, found.wellFormed]).toEqual([undefined, false]);
  });
});

test('any octets: no throw, every range inside', () => {
  const message = VECTOR.subarray(5);
  const changes = fc.array(fc.tuple(fc.nat(message.length - 1), fc.nat(255)), { maxLength: 12 });
  fc.assert(
    fc.property(changes, fc.nat(message.length), fc.boolean(), (changed, length, isDatagram) => {
      const octets = message.slice();
      for (const [at, value] of changed) octets[at] = value;
      const found = readClientHello(octets, 0, length, isDatagram);
      if (found === undefined) return;
      for (const range of [found.ciphers, found.extensions, found.name]) {
        expect(range.end).toBeLessThanOrEqual(length);
      }
      for (const list of [found.alpn(), found.cipherSuites(), found.groups()]) {
        expect(list.length).toBeLessThanOrEqual(length);
      }
      expect(ja3(found)).toMatch(/^[0-9a-f]{32}$/);
      expect(ja4(found, 't')).toMatch(/^t\w\w[di]\d{4}[0-9A-Za-z]{2}_[0-9a-f]{12}_[0-9a-f]{12}$/);
    }),
    { numRuns: 3000 },
  );
});
