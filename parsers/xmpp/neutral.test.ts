import { expect, test } from 'vitest';
import { Direction } from '../contract.ts';
import { XMPP } from './definition.ts';
import { XmppParser } from './parser.ts';
import { Ear, flowContext, LOGIN, utf8 } from './xmpp.fixture.ts';

const CHAT = [
  "<message to='bob@e' type='chat'><body>good</body></message>\n",
  "<message to='bob@e' type='chat'><body>bad &lt;1&gt;</body></message>",
  "<presence to='eve@e' type='subscribe'><status>bad 2</status></presence>",
  "<message to='bob@e'><body><![CDATA[bad 3 </message>]]></body></message> ",
  "<message to='bob@e'><body>zwölf fine</body></message>",
].join('');

interface Side {
  readonly direction: Direction;
  readonly octets: Uint8Array;
}

const sides: readonly Side[] = [...LOGIN, `C: ${CHAT}`].map((turn) => ({
  direction: turn.startsWith('C') ? Direction.ToServer : Direction.ToClient,
  octets: utf8(turn.slice(3)),
}));

function hear(turns: readonly Side[]): Ear {
  const ear = new Ear();
  const parser = new XmppParser(flowContext());
  for (const { direction, octets } of turns) parser.push(direction, octets, ear);
  return ear;
}

test('refused stanzas, blanked in any parts and read again, leave exactly what the others say', () => {
  const first = hear(sides);
  const refused = first.heard.map((h) => `${h.text ?? ''}${h.status ?? ''}`.startsWith('bad'));
  expect(refused.filter(Boolean)).toHaveLength(3);
  const before = sides
    .slice(0, -1)
    .filter((side) => side.direction === Direction.ToServer)
    .reduce((sum, side) => sum + side.octets.length, 0);
  for (const step of [1, 7, 1000]) {
    const chat = utf8(CHAT);
    first.units.forEach(({ start, end }, i) => {
      if (!refused[i]) return;
      expect(end).toBeGreaterThan(start);
      for (let at = start; at < end; at += step) {
        const part = chat.subarray(at - before, Math.min(at + step, end) - before);
        const unit = { direction: Direction.ToServer, length: end - start, head: 0, form: 0 };
        XMPP.neutralise?.(part, at - start, unit);
      }
    });
    const again = hear([...sides.slice(0, -1), { direction: Direction.ToServer, octets: chat }]);
    expect(again.heard).toEqual(first.heard.filter((_, i) => !refused[i]));
  }
});

test('while a stanza is open it can still be refused from its first octet; between stanzas nothing is held', () => {
  const parser = new XmppParser(flowContext());
  const ear = new Ear();
  let sent = 0;
  for (const { direction, octets } of sides.slice(0, -1)) {
    parser.push(direction, octets, ear);
    if (direction === Direction.ToServer) sent += octets.length;
  }
  expect(parser.holdFrom(Direction.ToServer)).toBe(-1);
  const opening = utf8("\n<message to='bob@e'><bo");
  parser.push(Direction.ToServer, opening, ear);
  expect(parser.holdFrom(Direction.ToServer)).toBe(sent + 1);
  expect(parser.holdFrom(Direction.ToClient)).toBe(-1);
  parser.push(Direction.ToServer, utf8('dy>x</body></message>'), ear);
  expect(parser.holdFrom(Direction.ToServer)).toBe(-1);
});
