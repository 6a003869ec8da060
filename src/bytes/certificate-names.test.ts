/** Certificates put together here; real ones are compared with Node's reader in the corpus test. */
import { describe, expect, test } from 'vitest';
import { alternative, attribute, certificate, der, dns, keyUsage } from './certificate.fixture.ts';
import { certificateNames } from './certificate-names.ts';

const octets = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));

const read = (wire: Uint8Array) => certificateNames(wire, 0, wire.length);

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
