/** Every hard capture and every negative, read to its end and decoded: nothing throws. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { corpusPath } from '../../test/support/corpus.ts';
import { needs } from '../../test/support/need.ts';
import { openCaptureFile } from '../capture/capture-file.ts';
import { CaptureError, type Frame } from '../capture/frame.ts';
import { decoder } from './decode.fixture.ts';
import { Decoded, PacketView } from './packet-view.ts';

const need = needs({ corpus: true });
const FOLDERS = ['tcp-hard', 'negatives'];

/** Files that are broken or of another format, and what is said of them. */
const REFUSED: ReadonlyMap<string, RegExp> = new Map([
  [
    'tcp-hard/pcpp-solaris.snoop',
    /this looks like a Solaris snoop capture; pcap and pcapng are read/,
  ],
  // One stray octet after the last record.
  ['negatives/pgsql-results-with-im-words.pcap', /cut off in the middle of packet 786/],
]);

/** Frames that contradict themselves, found so by looking at them. */
const MALFORMED: ReadonlyMap<string, readonly number[]> = new Map([
  ['tcp-hard/ndpi-ip_fragmented_garbage.pcap', [313, 1252]], // TCP data offsets below 5
  ['tcp-hard/ndpi-reasm_crash_anon.pcapng', [95]], // the same
]);

function packetCounts(): Map<string, number> {
  const rows = readFileSync(corpusPath('MANIFEST.tsv'), 'utf8').trim().split('\n').slice(1);
  const fields = rows.map((row) => row.split('\t'));
  return new Map(fields.map(([path = '', , , packets = '']) => [path, Number(packets)]));
}

function files(): string[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(corpusPath(folder)).map((name) => `${folder}/${name}`),
  );
}

async function read(path: string) {
  const by = decoder({}, true);
  const view = new PacketView();
  const malformed: number[] = [];
  let frames = 0;
  let fault = '';
  const frame = (one: Frame) => {
    frames++;
    if (by.decode(one, view) === Decoded.Malformed) malformed.push(one.number);
  };
  try {
    await openCaptureFile(corpusPath(path)).run({ frame });
  } catch (error) {
    expect(error).toBeInstanceOf(CaptureError);
    fault = String(error);
  }
  return { frames, fault, malformed, outcomes: by.counters.outcomes };
}

describe.skipIf(need.skip)(`captures of the corpus${need.why}`, () => {
  const counts = need.skip ? new Map<string, number>() : packetCounts();
  test.each(need.skip ? [] : files())('%s', async (path) => {
    const seen = await read(path);
    const refusal = REFUSED.get(path);
    if (refusal) expect(seen.fault).toMatch(refusal);
    else expect(seen.fault).toBe('');
    if (!path.endsWith('.snoop')) expect(seen.frames).toBe(counts.get(path));
    expect(seen.malformed).toEqual(MALFORMED.get(path) ?? []);
    expect(seen.outcomes[Decoded.UnknownLinkType]).toBe(0);
    expect(seen.outcomes[Decoded.TooDeep]).toBe(0);
  });
});
