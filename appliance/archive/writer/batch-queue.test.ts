import { expect, test } from 'vitest';
import type { RecordDraft } from '../contract.ts';
import { EventDrafts } from '../record/draft-event.ts';
import { EntryKind } from '../spool/spool-entry.ts';
import { BatchQueue } from './batch-queue.ts';
import { MemorySpool } from './memory-spool.ts';

function lines(...ids: string[]): Buffer {
  const service = { kind: 'message', service: 'irc', ts: '2026-11-26T08:00:00.000000Z' };
  return Buffer.from(ids.map((id) => `${JSON.stringify({ v: 1, id, ...service })}\n`).join(''));
}

/** Of the batch that is to be written now. */
function idsOf(queue: BatchQueue): string[] {
  const batch = queue.take();
  const drafts: RecordDraft[] = [...(batch?.drafts(batch.from, batch.to) ?? [])];
  return drafts.map((draft) => (draft.kind === 'event' ? draft.id : draft.kind));
}

function begun() {
  let acknowledged = 0;
  const spool = new MemorySpool(() => {
    acknowledged += 1;
  });
  const refused: string[] = [];
  const drafts = new EventDrafts();
  const queue = new BatchQueue(spool, {
    drafts: () => drafts,
    refuse: (line) => refused.push(line),
  });
  const add = (...ids: string[]) => spool.add(EntryKind.Event, lines(...ids));
  return { queue, add, spool, refused, acknowledged: () => acknowledged };
}

test('what was read ahead stays in its place when the batch before it is written again', async () => {
  const { queue, add, acknowledged } = begun();
  add('a', 'b');
  expect(idsOf(queue)).toEqual(['a', 'b']);
  add('c');
  await queue.workAhead();
  expect(idsOf(queue)).toEqual(['a', 'b']);
  expect(acknowledged()).toBe(0);
  const [first] = queue.pending;
  if (first !== undefined) queue.done(first);
  // What was only read is not acknowledged.
  expect(acknowledged()).toBe(1);
  expect([queue.isEmpty, queue.isDrained]).toEqual([false, false]);
  expect(idsOf(queue)).toEqual(['c']);
  const [second] = queue.pending;
  if (second !== undefined) queue.done(second);
  expect([acknowledged(), queue.isDrained]).toEqual([2, true]);
});

test('of a batch that was taken in part the rest is given, and its events are counted once', () => {
  const { queue, add } = begun();
  add('a', 'b', 'c', 'd');
  expect(idsOf(queue)).toEqual(['a', 'b', 'c', 'd']);
  const [batch] = queue.pending;
  const taken = [batch?.took(2), batch?.tookUpTo(3), batch?.tookUpTo(3)];
  expect(taken.map((some) => some?.archived)).toEqual([2, 1, 0]);
  expect(idsOf(queue)).toEqual(['d']);
  expect(batch?.positionAt(2)).toEqual({ generation: 1, number: 2 });
});

test('a line that is no event is told of once, however often its batch is written', () => {
  const { queue, add, spool, refused } = begun();
  add('a');
  spool.add(EntryKind.Event, Buffer.from('no JSON\n'));
  expect([idsOf(queue), idsOf(queue)]).toEqual([['a'], ['a']]);
  expect(refused).toEqual(['no JSON']);
});

test('work ahead that is begun anew takes the place of what was begun before', async () => {
  const { queue, add, spool, refused } = begun();
  add('a');
  queue.take();
  spool.add(EntryKind.Event, Buffer.from('no JSON\n'.repeat(1000)));
  const before = queue.workAhead();
  queue.stopAhead();
  const again = queue.workAhead();
  const atOnce = refused.length / 2; // both have made one step
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  expect(refused.length).toBeGreaterThan(2 * atOnce);
  expect(refused.length).toBeLessThanOrEqual(4 * atOnce);
  queue.stopAhead();
  await Promise.all([before, again]);
});
