/** However TCP cuts, joins, repeats or reorders the octets, the engine says the same. */
import { describe, expect, test } from 'vitest';
import { encodeEvent } from '../../src/event/encode.ts';
import type { ImEvent } from '../../src/event/event.ts';
import { capturePath, corpusPath } from '../support/corpus.ts';
import { needs } from '../support/need.ts';
import { loadCapture, type StoredFrame } from './frames.ts';
import { cut, merge, reorder, withoutAcks } from './recut.ts';
import { replayFrames } from './replay.ts';

const need = needs({ corpus: true });
const OWN = ['irc-office.pcap', 'xmpp-office.pcapng.gz', 'xmpp-zlib.pcap'].map((n) =>
  capturePath(n),
);
const SHARED = [
  'irc/handwritten-odd-lines.pcap',
  'gadu/libgadu-gg8.pcap',
  'mqtt/chat-v311.pcap',
  'msnp/msnp9-basic-libpurple243.pcap',
  'msnp/msnp15-conference-libpurple266.pcap',
  'oscar/aim-basic-libpurple202.pcap',
  'oscar/aim-chatroom-libpurple243.pcap',
  'ymsg/ymsg16-basic-libpurple2109-scripted.pcap',
  'ymsg/ymsg12-conference-libpurple202-escargot.pcap',
  'irc/sasl-tags-multiline-scripted-server.pcap',
  'irc/irssi-dcc-receiver.pcap',
  'xmpp/basic-plain-login-roster-chat.pcap',
  'xmpp/muc-owner-carbons.pcap',
  'xmpp/ft-jingle-ibb-s5b.pcap',
  'xmpp/ft-si-ibb-socks5.pcap',
].map((name) => corpusPath('recorded', name));

const WAYS: Readonly<Record<string, (frames: readonly StoredFrame[]) => StoredFrame[]>> = {
  'in segments of 1 octet': (frames) => cut(frames, 1),
  'in segments of 2 octets': (frames) => cut(frames, 2),
  'in segments of 7 octets': (frames) => cut(frames, 7),
  'in segments of 100 octets': (frames) => cut(frames, 100),
  'with segments merged, acknowledgements left out': (frames) => merge(withoutAcks(frames)),
  'every segment twice': (frames) => frames.flatMap((frame) => [frame, frame]),
  'reordered in pairs': (frames) => reorder(cut(frames, 40), 2),
  'reordered in fives, small segments': (frames) => reorder(cut(frames, 7), 5),
};

/** The events less what the cutting changes: identifiers, packet numbers, packets and octets counted. */
function essence(events: readonly ImEvent[]): unknown[] {
  return events.map((event) => {
    const { id, ts, packet, flow, totals, ...rest } = JSON.parse(encodeEvent(event));
    const { events: said, gaps } = totals ?? {};
    return { ...rest, endpoints: `${flow?.client} ${flow?.server}`, said, gaps };
  });
}

function describeCapture(path: string): void {
  describe(path.split('/').slice(-2).join('/'), () => {
    test.each(Object.keys(WAYS))('%s', async (way) => {
      const { frames } = await loadCapture(path);
      const original = essence(replayFrames(frames).events);
      const changed = WAYS[way]?.(frames) ?? [];
      expect(changed).not.toEqual(frames);
      expect(original.length).toBeGreaterThan(10);
      expect(essence(replayFrames(changed).events)).toEqual(original);
    });
  });
}

describe('the own captures', () => OWN.forEach(describeCapture));
describe.skipIf(need.skip)(`the shared captures${need.why}`, () => SHARED.forEach(describeCapture));
