/** What `replay --inline --write` writes, read again: what was refused is gone, all else is as it was. */
import { expect, test } from 'vitest';
import { loadCapture, type StoredFrame } from '../../test/corpus/frames.ts';
import { capturePath } from '../../test/support/corpus.ts';
import { Frame, type FrameSink } from '../capture/frame.ts';
import type { ImEvent, VerdictRecord } from '../event/event.ts';
import { segmentOf } from './bridge.fixture.ts';
import { Engine, type EngineOptions } from './engine.ts';
import { InlineReplay } from './inline-replay.ts';

const WORD = 'e';
const judge = {
  judge: ({ kind, text = '' }: ImEvent): VerdictRecord => ({
    action: kind === 'message' && text.includes(WORD) ? 'drop' : 'pass',
    enforced: true,
  }),
};

function feed(frames: readonly StoredFrame[], sink: FrameSink): void {
  const frame = new Frame();
  for (const { octets, originalLength, linkType, time } of frames) {
    frame.buffer = octets.slice();
    frame.end = octets.length;
    frame.originalLength = originalLength;
    frame.linkType = linkType;
    frame.number++;
    frame.time[0] = time;
    sink.frame(frame);
  }
}

const gist = ({ kind, from, to, room, text, file }: ImEvent) =>
  `${kind} ${from} ${room ?? to} ${text} ${file?.name} ${file?.sha256}`;

test('the capture that is written says all but what was refused', async () => {
  const { frames } = await loadCapture(capturePath('irc-office.pcap'));
  const before: ImEvent[] = [];
  const after: ImEvent[] = [];
  const out: StoredFrame[] = [];
  const options: EngineOptions = { mode: 'inline', judge, onEvent: (event) => before.push(event) };
  const replay = new InlineReplay(options, (buffer, start, end, originalLength, linkType, time) =>
    out.push({ octets: buffer.slice(start, end), originalLength, linkType, time }),
  );
  feed(frames, replay);
  replay.finish();
  const engine = new Engine({ onEvent: (event) => after.push(event) });
  feed(out, engine);
  engine.finish();

  const refused = before.filter(({ verdict }) => verdict?.action === 'drop');
  expect(refused.length).toBeGreaterThan(5);
  expect(refused.every(({ verdict }) => verdict?.enforced)).toBe(true);
  const said = (events: ImEvent[]) =>
    events.filter(({ kind }) => !kind.startsWith('flow.')).map(gist);
  // Nothing of a chat whose offer was refused, and nothing else, is missing.
  const passed = said(before.filter((event) => !refused.includes(event)));
  expect(said(after)).toEqual(passed);
  const { packets, written, changed, dropped, injected } = replay.inline;
  expect(packets).toBe(frames.length);
  expect(written).toBe(out.length);
  expect(changed).toBeGreaterThan(0);
  expect(written).toBe(packets - dropped + injected);
  for (const { octets } of out) expect(segmentOf(octets).isIntact).toBe(true);
  const times = out.map(({ time }) => time);
  expect(times).toEqual([...times].sort((a, b) => a - b));
});
