/**
 * The content of OFT files, octet for octet: what the engine hands to whoever keeps content, against
 * digests that others made of it.
 */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { ImEvent } from '../../src/event/event.ts';
import { Engine } from '../../src/pipeline/engine.ts';
import { corpusPath } from '../support/corpus.ts';
import { needs } from '../support/need.ts';
import { feedFrames, loadCapture } from './frames.ts';
import { readRecorded, text } from './truth.ts';

const need = needs({ corpus: true });

interface Kept {
  readonly event: ImEvent;
  readonly content: Uint8Array;
}

/** All completed files of a capture that went over OFT. */
async function filesOf(path: string): Promise<Kept[]> {
  const { frames, error } = await loadCapture(corpusPath(path));
  expect(error).toBeUndefined();
  const kept: Kept[] = [];
  const open = () => {
    const parts: Uint8Array[] = [];
    return {
      write: (octets: Uint8Array) => void parts.push(octets.slice()),
      complete: (event: ImEvent) => void kept.push({ event, content: joined(parts) }),
      discard() {},
    };
  };
  const engine = new Engine({ mode: 'replay', onEvent() {}, contentSink: { open } });
  feedFrames(frames, engine);
  engine.finish();
  return kept.filter(({ event }) => event.protocol === 'oft');
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const digest = (name: string, content: Uint8Array) =>
  createHash(name).update(content).digest('hex');

describe.skipIf(need.skip)(`OFT files come out whole${need.why}`, () => {
  test('recipe.docx of the forensic puzzle has its published MD5', async () => {
    const [file, ...others] = await filesOf('oscar/puzzle1-anns-bad-aim.pcap');
    expect(others).toEqual([]);
    expect(file?.event).toMatchObject({
      kind: 'file.complete',
      origin: 'client',
      to: ['sec558user1'],
      file: { name: 'recipe.docx', size: 12008, method: 'oft', token: '3731373436343700' },
    });
    const content = file?.content ?? new Uint8Array(0);
    expect(digest('md5', content)).toBe('8350582774e1d4dbe1d61d64c89e0ea1');
    expect(file?.event.file?.sha256).toBe(digest('sha256', content));
    expect(file?.event.anomalies).toBeUndefined();
  });

  test('every completed file of a recorded session has the SHA-256 of its truth', async () => {
    const name = 'aim-files-libpurple243';
    const found = await filesOf(`recorded/oscar/${name}.pcap`);
    const lines = found.map(({ event: { from, to, file }, content }) => {
      expect(file?.sha256).toBe(digest('sha256', content));
      return `${from} ${to?.join()} ${file?.name} ${content.length} ${file?.sha256}`;
    });
    const screenName = (shown = '') => shown.replaceAll(' ', '').toLowerCase();
    const expected = readRecorded('oscar', name)
      .events.filter((item) => item.type === 'file-complete')
      .map((item) => {
        const [from, to] = [screenName(text(item, 'from')), screenName(text(item, 'to'))];
        return `${from} ${to} ${text(item, 'name')} ${text(item, 'size')} ${text(item, 'sha256')}`;
      });
    expect(expected).toHaveLength(4);
    expect(lines).toEqual(expected);
  });
});
