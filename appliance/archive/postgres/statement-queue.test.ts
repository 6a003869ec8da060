import { expect, test } from 'vitest';
import { StatementQueue } from './statement-queue.ts';

const MIB = 2 ** 20;

/** An answer that comes when it is told to. */
function later() {
  let answer = () => {};
  let fail = (_: Error) => {};
  const promise = new Promise<void>((resolve, reject) => {
    answer = resolve;
    fail = reject;
  });
  return { promise, answer, fail };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('statements begin one after the other, and what is posted is not waited for', async () => {
  const queue = new StatementQueue();
  const slow = later();
  const begun: string[] = [];
  await queue.post(() => {
    begun.push('posted');
    return slow.promise;
  }, 10);
  const asked = queue.ask(async () => begun.push('asked'));
  await turn();
  expect(begun).toEqual(['posted']);
  slow.answer();
  await asked;
  expect(begun).toEqual(['posted', 'asked']);
});

test('no more waits for the server than it should', async () => {
  const queue = new StatementQueue();
  const answers = [later(), later(), later()];
  const posted: number[] = [];
  const posting = (async () => {
    for (const [n, { promise }] of answers.entries()) {
      await queue.post(() => promise, 5 * MIB);
      posted.push(n);
    }
  })();
  await turn();
  expect(posted).toEqual([0]);
  answers[0]?.answer();
  await turn();
  expect(posted).toEqual([0, 1]);
  for (const { answer } of answers) answer();
  await posting;
  await queue.settle();
});

test('what comes after one that failed tells of that, and does not begin', async () => {
  const queue = new StatementQueue();
  const failing = later();
  await queue.post(() => failing.promise, 1);
  let began = false;
  const asked = queue.ask(async () => {
    began = true;
  });
  failing.fail(new Error('the first'));
  await expect(asked).rejects.toThrow('the first');
  await expect(queue.post(async () => undefined, 1)).rejects.toThrow('the first');
  await expect(queue.settle()).rejects.toThrow('the first');
  expect(began).toBe(false);
});
