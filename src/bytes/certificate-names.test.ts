/** Certificates put together here; real ones are compared with Node's reader in the corpus test. */
import { describe, expect, test } from 'vitest';
import { certificateNames } from './certificate-names.ts';

const octets = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));

function join(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function der(tag: number, ...parts: Uint8Array[]): Uint8Array {
  const content = join(parts);
  const { length } = content;
  if (length < 0x80) return join([Uint8Array.of(tag, length), content]);
  if (length < 0x100) return join([Uint8Array.of(tag, 0x81, length), content]);
  return join([Uint8Array.of(tag, 0x82, length >> 8, length & 0xff), content]);
}

const attribute = (oid: number, value: string) =>
  der(0x31, der(0x30, der(0x06, Uint8Array.of(0x55, 0x04, oid)), der(0x0c, octets(value))));
const alternative = (...names: Uint8Array[]) =>
  der(
    0x30,
    der(0x06, Uint8Array.of(0x55, 0x1d, 0x11)),
    der(0x01, Uint8Array.of(0xff)),
    der(0x04, der(0x30, ...names)),
  );
const keyUsage = der(0x30, der(0x06, Uint8Array.of(0x55, 0x1d, 0x0f)), der(0x04, Uint8Array.of(3)));
const dns = (name: string) => der(0x82, octets(name));

interface Parts {
  readonly subject?: readonly Uint8Array[];
  readonly extensions?: readonly Uint8Array[] | undefined;
  readonly version?: boolean;
}

function certificate({ subject = [], extensions, version = true }: Parts): Uint8Array {
  const fields = [
    ...(version ? [der(0xa0, der(0x02, Uint8Array.of(2)))] : []),
    der(0x02, Uint8Array.of(1)),
    der(0x30),
    der(0x30, attribute(3, 'the issuer.example')),
    der(0x30, der(0x17, octets('250101000000Z')), der(0x17, octets('260101000000Z'))),
    der(0x30, ...subject),
    der(0x30, der(0x03, new Uint8Array(140))),
    ...(extensions === undefined ? [] : [der(0xa3, der(0x30, ...extensions))]),
  ];
  return der(0x30, der(0x30, ...fields), der(0x30), der(0x03, new Uint8Array(70)));
}

const read = (der: Uint8Array) => certificateNames(der, 0, der.length);

describe('names', () => {
  test('of the subject and its alternatives', () => {
    const subject = [attribute(10, 'Org'), attribute(3, 'Chat.example')];
    const extensions = [keyUsage, alternative(dns('a.example'), dns('*.b.example'))];
    expect(read(certificate({ subject, extensions }))).toEqual({
      common: 'chat.example',
      alternative: ['a.example', 'b.example'],
    });
  });

  test('a first version without either', () => {
    const none = { common: undefined, alternative: [] };
    expect(read(certificate({ version: false }))).toEqual(none);
    const person = certificate({ subject: [attribute(3, 'Ann Example')] });
    expect(read(person)).toEqual(none);
  });

  test('other kinds of names, and what is no host', () => {
    const address = der(0x87, Uint8Array.of(192, 0, 2, 1));
    const mail = der(0x81, octets('ann@a.example'));
    const extensions = [alternative(address, mail, dns('not a host'), dns('*'), dns('a.example'))];
    expect(read(certificate({ extensions })).alternative).toEqual(['a.example']);
  });

  test('a certificate for everybody is not read to its end', () => {
    const extensions = [
      alternative(...Array.from({ length: 500 }, (_, i) => dns(`h${i}.example`))),
    ];
    expect(read(certificate({ extensions })).alternative.length).toBe(128);
  });
});

describe('what is broken', () => {
  const whole = certificate({
    subject: [attribute(3, 'chat.example')],
    extensions: [alternative(dns('a.example'), dns('b.example'))],
  });

  test('every prefix: nothing that is not there', () => {
    for (let end = 0; end < whole.length; end++) {
      const { common, alternative } = certificateNames(whole, 0, end);
      if (common !== undefined) expect('chat.example').toContain(common);
      for (const name of alternative) expect(['a.example', 'b.example'].join()).toContain(name);
    }
  });

  test('any octet changed to any other: no throw, and an end', () => {
    for (let at = 0; at < whole.length; at++) {
      for (const value of [0, 0x7f, 0x80, 0x81, 0x84, 0xff]) {
        const changed = whole.slice();
        changed[at] = value;
        const { alternative } = read(changed);
        expect(alternative.length).toBeLessThan(16);
      }
    }
  });
});
