import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { utf8 } from '../../src/bytes/text.ts';
import type { XmlElement } from './xml-element.ts';
import { XmlNamespaces } from './xml-namespaces.ts';
import type { XmlStreamListener } from './xml-odd.ts';
import { XmlScanner } from './xml-scanner.ts';
import { XmlTreeBuilder } from './xml-tree.ts';

const octets = (text: string) => new TextEncoder().encode(text);

/** Writes down what is found, as it stands on the wire. */
class Log implements XmlStreamListener {
  readonly said: string[] = [];
  header(buffer: Uint8Array, from: number, to: number, start: number, end: number): boolean {
    this.said.push(`root ${start}-${end} ${utf8(buffer, from, to)}`);
    return true;
  }
  stanza(
    buffer: Uint8Array,
    from: number,
    to: number,
    start: number,
    end: number,
    sought: boolean,
  ): void {
    this.said.push(`${sought ? 'sought' : 'stanza'} ${start}-${end} ${utf8(buffer, from, to)}`);
  }
  unread(start: number, end: number): void {
    this.said.push(`unread ${start}-${end}`);
  }
  close(start: number, end: number): void {
    this.said.push(`close ${start}-${end}`);
  }
  odd(what: string): void {
    this.said.push(what);
  }
}

function scan(whole: Uint8Array, cuts: readonly number[], midstream = false): string[] {
  const log = new Log();
  const scanner = new XmlScanner(log, midstream);
  let at = 0;
  for (const cut of [...cuts, whole.length]) {
    if (scanner.lost || cut < at) continue;
    const lent = whole.slice(at, cut);
    scanner.push(lent);
    lent.fill(0xee);
    at = cut;
  }
  if (scanner.lost) log.said.push('lost');
  return log.said;
}

const rows: [name: string, wire: string, want: string[], midstream?: boolean][] = [
  [
    'a document: root, stanzas, close',
    '<?xml version="1.0"?><s:stream a=">">  <a/>\n<b c=\'/>\'>x</b ></s:stream>',
    [
      'root 21-37 <s:stream a=">">',
      'stanza 39-43 <a/>',
      "stanza 44-60 <b c='/>'>x</b >",
      'close 60-71',
    ],
  ],
  [
    'a root inside the root starts it again',
    '<stream><a/><?xml version="1.0"?><stream b=""><c/>',
    ['root 0-8 <stream>', 'stanza 8-12 <a/>', 'root 33-46 <stream b="">', 'stanza 46-50 <c/>'],
  ],
  [
    'CDATA and comments hide tags',
    '<stream><a><![CDATA[</a>]]]>]]></a><b><!-- </b> - -- ></b>--></b>',
    [
      'root 0-8 <stream>',
      'stanza 8-35 <a><![CDATA[</a>]]]>]]></a>',
      'comment',
      'stanza 35-65 <b><!-- </b> - -- ></b>--></b>',
    ],
  ],
  [
    'nesting',
    '<stream><a><a><a/></a></a>',
    ['root 0-8 <stream>', 'stanza 8-26 <a><a><a/></a></a>'],
  ],
  [
    'an error is sought past',
    '<stream><a><b c="<"/></a><p:iq x=""/>',
    ['root 0-8 <stream>', 'not-well-formed', 'sought 25-37 <p:iq x=""/>'],
  ],
  [
    'names that only begin like a stanza are not sought',
    'x<iqs/><message-x/><presence-y a=""/><iq\n/>',
    ['sought 37-43 <iq\n/>'],
    true,
  ],
  [
    'picked up inside an element, then at the end of one',
    '</body></message><message/></s:stream>',
    ['sought 17-27 <message/>', 'close 27-38'],
    true,
  ],
  ['a document type', '<stream><!DOCTYPE x>', ['root 0-8 <stream>', 'doctype', 'lost']],
  ['not XML', 'GET / HTTP/1.1', ['lost']],
  ['another root', '</stream>', ['close 0-9']],
];

describe('however it is cut', () => {
  test.each(rows)('%s', (_name, wire, want, midstream = false) => {
    const whole = octets(wire);
    expect(scan(whole, [], midstream)).toEqual(want);
    const each = Array.from(whole, (_, i) => i);
    expect(scan(whole, each, midstream)).toEqual(want);
    for (const cut of each) expect(scan(whole, [cut], midstream), `${cut}`).toEqual(want);
    for (const end of each) scan(whole.slice(0, end), [], midstream);
  });

  test('any octets, any cuts: the same findings', () => {
    const piece = fc.constantFrom(
      '<stream>',
      '<a>',
      '</a>',
      '<a b="c">',
      '<iq/>',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '<',
      '>',
      '"',
      ' ',
      'x',
      '?>',
      '<?',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.array(fc.nat(200)), (pieces, cuts) => {
        const whole = octets(`<stream>${pieces.join('')}`);
        const sorted = cuts.filter((c) => c <= whole.length).sort((a, b) => a - b);
        expect(scan(whole, sorted)).toEqual(scan(whole, []));
      }),
      { numRuns: 300 },
    );
  });
});

describe('trees', () => {
  const build = (text: string): XmlElement | string => {
    const scope = new XmlNamespaces();
    scope.declare('', 'urn:d');
    const builder = new XmlTreeBuilder();
    const whole = octets(text);
    const root = builder.build(whole, 0, whole.length, scope);
    expect(scope.mark()).toBe(1);
    return root ?? builder.fault;
  };
  const element = (text: string): XmlElement => {
    const built = build(text);
    if (typeof built === 'string') throw new Error(built);
    return built;
  };

  test('namespaces: default, prefixed, redeclared, undone', () => {
    const root = element(
      "<m xmlns:p='urn:p'><p:a p:x='1' x='2' xml:lang='de'/><b xmlns='urn:b'><c/></b><d/></m>",
    );
    expect(root.children.map((c) => `${c.namespace} ${c.name}`)).toEqual([
      'urn:p a',
      'urn:b b',
      'urn:d d',
    ]);
    const a = root.child('a', 'urn:p');
    expect(a?.attribute('x')).toBe('2');
    expect(a?.attribute('x', 'urn:p')).toBe('1');
    expect(a?.has('lang', 'http://www.w3.org/XML/1998/namespace')).toBe(true);
    expect(root.child('b', 'urn:b')?.child('c')?.namespace).toBe('urn:b');
  });

  test('text: references, sections, line ends, children left out', () => {
    const root = element(
      '<m>a&lt;&#x62;&#99;\r\n<i>no</i><![CDATA[<&amp;]]><!-- - --><?x y?>é</m>',
    );
    expect(root.text()).toBe('a<bc\n<&amp;é');
    expect(root.verbatim).toBe(false);
    expect(element('<m>plain</m>').verbatim).toBe(true);
    expect(element("<m a='x&#10;y\n&quot;&bad;'/>").attribute('a')).toBe('x y "&bad;');
    expect(element('<m>&#0;&#xD800;&#x110000;&;&#;&lt</m>').text()).toBe(
      '\ufffd\ufffd\ufffd&;&#;&lt',
    );
  });

  test.each([
    '<a></b>',
    '<a><b></a></b>',
    "<a b='1' b='2'/>",
    '<a b=c/>',
    '<p:a/>',
    "<a p:b=''/>",
    '<a b/>',
    '<a',
    '',
  ])('%s is not well formed', (text) => expect(build(text)).toBe('not-well-formed'));
});
