/**
 * `--extract` on the recorded captures: every completed file of their truth comes out with its size and
 * SHA-256, over every way in which files travel, and nothing else is written.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ExtractFolder, INDEX } from '../../appliance/extract/extract-folder.ts';
import { Engine } from '../../src/pipeline/engine.ts';
import { corpusPath } from '../support/corpus.ts';
import { needs } from '../support/need.ts';
import { feedFrames, loadCapture } from './frames.ts';
import { type Item, number, type RecordedTruth, readRecorded, text } from './truth.ts';

const need = needs({ corpus: true });
const scratch = mkdtempSync(join(tmpdir(), 'sallyport-extract-corpus-'));
afterAll(() => rmSync(scratch, { recursive: true }));

interface Written {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
  readonly md5: string;
}

async function extracted(capture: string): Promise<Written[]> {
  const folder = join(scratch, capture.replaceAll('/', '-'));
  const into = new ExtractFolder(folder, { file: 1e8, total: 1e9 });
  const engine = new Engine({ onEvent() {}, contentSink: into });
  feedFrames((await loadCapture(corpusPath(capture))).frames, engine);
  engine.finish();
  into.close();
  expect(into.fault).toBeUndefined();
  return readdirSync(folder)
    .filter((name) => name !== INDEX)
    .map((name) => {
      const content = readFileSync(join(folder, name));
      const digest = (algorithm: string) => createHash(algorithm).update(content).digest('hex');
      return { name, size: content.length, sha256: digest('sha256'), md5: digest('md5') };
    });
}

/** Size and digest of the files that the truth says were transferred whole. */
function completed(truth: RecordedTruth): string[] {
  const whole = (item: Item) =>
    item.type === 'file-complete' ? item.ok !== false : item.event === 'file-complete';
  const listed = [...truth.events, ...((truth as { msrp_events?: Item[] }).msrp_events ?? [])]
    .filter(whole)
    .map((item) => `${number(item, 'size')} ${text(item, 'sha256')}`);
  const carried = truth.flows
    .filter((flow) => flow.role === 'dcc-send')
    .map((flow) => `${number(flow, 'size')} ${text(flow, 'sha256')}`);
  return [...new Set([...listed, ...carried])].sort();
}

/** What passed whole although the truth has no completed transfer of it. */
const BESIDES: Readonly<Record<string, readonly string[]>> = {
  // The picture that AIM's server gives everybody who has none (SNAC 10/07), 43 octets of GIF.
  'aim-files-libpurple243': ['03e80e6c39b1515a1f367d288e3009a521660b4d09e5d5c10adb541a687cce80'],
  // Yahoo! stores a file before its recipient is asked: declined.doc and cancelled.pdf were uploaded.
  'ymsg12-files-libpurple202-escargot': [
    '1ec57ff1973f7a9316165ca75b3a51720e213c1dd6c0bf1ecf9679a0eab7dd12',
    '5c1a4053115192e6b2951ded69d69a0c78cb41694cfa69788fbb2aed29c7a064',
  ],
};

describe.skipIf(need.skip)(`files of recorded captures are extracted${need.why}`, () => {
  test.each([
    ['msnp', 'msnp15-files-libpurple266', 4],
    ['oscar', 'aim-files-libpurple243', 4],
    ['ymsg', 'ymsg12-files-libpurple202-escargot', 4],
    ['ymsg', 'ymsg15-files-libpurple243-scripted', 4],
    ['msrp', 'msrp-chat-file', 1],
  ])('%s/%s', async (folder, name, count) => {
    const truth = readRecorded(folder, name);
    const wanted = completed(truth);
    expect(wanted).toHaveLength(count);
    const capture = text(truth as unknown as Item, 'pcap') ?? truth.capture;
    const written = await extracted(`recorded/${folder}/${capture}`);
    const besides = written.filter(({ sha256 }) => BESIDES[name]?.includes(sha256));
    expect(besides).toHaveLength(BESIDES[name]?.length ?? 0);
    const files = written.filter((file) => !besides.includes(file));
    expect(files.map(({ size, sha256 }) => `${size} ${sha256}`).sort()).toEqual(wanted);
  });

  test('irc: DCC; of a resumed file the tail, under a name that says so', async () => {
    const wanted = completed(readRecorded('irc', 'irssi-dcc-receiver'));
    const written = await extracted('recorded/irc/irssi-dcc-receiver.pcap');
    const digests = wanted.map((line) => line.split(' ')[1]);
    expect(written.map(({ sha256 }) => sha256).sort()).toEqual(digests.sort());
    const tail = written.find(({ name }) => name.startsWith('anchor.zip'));
    expect(tail).toMatchObject({ name: 'anchor.zip.from-32768', size: 90_004 - 32_768 });
  });

  test.each([
    ['in-band and SOCKS5 bytestreams', 'ft-si-ibb-socks5'],
    ['Jingle over both', 'ft-jingle-ibb-s5b'],
  ])('xmpp: %s', async (_, name) => {
    const truth = readRecorded('xmpp', name) as RecordedTruth & { files: Record<string, Item> };
    const wanted = Object.values(truth.files)
      .filter((file) => file.outcome === 'complete')
      .map((file) => `${number(file, 'size')} ${text(file, 'sha256')}`);
    expect(wanted.length).toBeGreaterThan(1);
    const written = await extracted(`recorded/xmpp/${truth.capture}`);
    expect(written.map(({ size, sha256 }) => `${size} ${sha256}`).sort()).toEqual(wanted.sort());
  });
});

describe.skipIf(need.skip)(`the forensic puzzle${need.why}`, () => {
  test("Ann's secret recipe comes out with its published MD5", async () => {
    const written = await extracted('oscar/puzzle1-anns-bad-aim.pcap');
    const recipe = written.find(({ name }) => name === 'recipe.docx');
    expect(recipe).toMatchObject({ size: 12_008, md5: '8350582774e1d4dbe1d61d64c89e0ea1' });
  });
});
