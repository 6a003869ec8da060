import { describe, expect, test } from 'vitest';
import { Direction, Probe } from '../contract.ts';
import { PROBE_LIMIT, probeXmpp } from './probe.ts';
import { utf8 } from './xmpp.fixture.ts';

const NS = "xmlns:stream='http://etherx.jabber.org/streams'";
const probe = (text: string, midstream = false) =>
  probeXmpp(Direction.ToServer, utf8(text), midstream);

describe('from the start', () => {
  test.each([
    `<stream:stream to='x' xmlns='jabber:client' ${NS}>`,
    `<?xml version="1.0"?>\n<stream:stream ${NS}>`,
    `\ufeff <?xml version='1.0' ?><stream:stream ${NS} to='a>b'>`,
    `<x:stream xmlns:x="http://etherx.jabber.org/streams" xmlns="jabber:server">`,
    `<stream xmlns='http://etherx.jabber.org/streams'>`,
  ])('%s: yes when the tag is complete, and not before', (text) => {
    expect(probe(text)).toBe(Probe.Yes);
    const octets = utf8(text);
    for (let n = 0; n < octets.length; n++)
      expect(probeXmpp(Direction.ToServer, octets.subarray(0, n), false), `${n}`).toBe(Probe.More);
  });

  test.each([
    '<?xml version="1.0"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">',
    '<?xml version="1.0"?><hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0">',
    '<policy-file-request/>\0',
    `<stream:stream xmlns:stream='http://example.org/other'>`,
    'GET / HTTP/1.1\r\nHost: jabber.org\r\n\r\n<stream:stream',
    'EHLO jabber.org\r\n',
    `SELECT '<stream:stream ${NS}>'`,
    '<html><body>http://etherx.jabber.org/streams</body></html>',
    '\x16\x03\x01\x02\x00',
    '<message to="a"><body xmlns="jabber:client">x</body></message>',
    `<!-- --><stream:stream ${NS}>`,
  ])('%j: no', (text) => expect(probe(text)).toBe(Probe.No));

  test('a header that never ends is given up', () => {
    expect(probe(`<stream:stream x='${'y'.repeat(PROBE_LIMIT)}`)).toBe(Probe.No);
  });
});

describe('picked up in the middle', () => {
  test.each([
    "<message to='a' type='chat'><body>hi</body><x xmlns='jabber:x:event'/></message>",
    "<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>",
    "<presence><x xmlns='vcard-temp'/><c xmlns='http://jabber.org/protocol/caps'/></presence>",
    "<r xmlns='urn:xmpp:sm:3'/>",
    "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
    `<stream:stream ${NS}>`,
  ])('%s: yes', (text) => {
    expect(probe(text, true)).toBe(Probe.Yes);
    if (!text.startsWith('<stream')) expect(probe(text)).toBe(Probe.No);
  });

  test.each([
    '<a href="x">',
    '<message>hello</message>',
    '<presentation/>',
    'body</message>',
    "<r xmlns='urn:other'/>",
  ])('%s: no', (text) => expect(probe(text, true)).toBe(Probe.No));

  test('a stanza without a namespace asks for more', () => {
    expect(probe("<message to='a'><body>hi</body></message>", true)).toBe(Probe.More);
  });
});
