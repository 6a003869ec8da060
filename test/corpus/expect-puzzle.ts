/**
 * What the truth of `puzzle1-anns-bad-aim` says the engine must report. The capture begins after the
 * sign-in and has no self info: who the account is, nothing in it tells, and the events leave it out.
 */
import type { Expected } from './compare.ts';
import { type Item, number, type PublicTruth, text } from './truth.ts';

type Fields = Expected['fields'];

export function expectPuzzle(truth: PublicTruth): Expected[] {
  return [
    ...truth.messages.map((item) =>
      wanted(item, 'message', { text: text(item, 'text'), room: undefined, form: undefined }),
    ),
    ...truth.typing.map((item) =>
      wanted({ ...item, from: item.who }, 'typing', { state: STATES[number(item, 'state') ?? 0] }),
    ),
    ...truth.file_transfers.map(file),
    ...data(truth),
  ];
}

const STATES: Readonly<Record<number, string>> = { 0: 'active', 1: 'paused', 2: 'composing' };

function wanted(item: Item, kind: string, fields: Fields): Expected {
  return {
    what: JSON.stringify(item).slice(0, 200),
    fields: { kind, origin: originOf(item), account: undefined, ...parties(item), ...fields },
  };
}

function originOf(item: Item): string {
  return item.dir === 'c2s' ? 'client' : 'server';
}

/** `<self>` is the account. */
function parties(item: Item): Fields {
  return { from: party(item, 'from'), to: party(item, 'to') };
}

function party(item: Item, field: string): string | undefined {
  const name = text(item, field);
  return name === undefined || name === '<self>' ? undefined : name.toLowerCase();
}

/** The offer, and the answer, which the receiver gives once the connection stands. */
function file(item: Item): Expected {
  if (item.rdv_type === 'propose') {
    const named = { 'file.name': text(item, 'filename'), 'file.size': number(item, 'size') };
    const token = { 'file.token': text(item, 'cookie'), 'file.method': 'oft' };
    return wanted(item, 'file.offer', { ...named, ...token });
  }
  return wanted(item, 'file.accept', { 'file.token': text(item, 'cookie') });
}

/** The data connection: the sender is the offer's, whichever end of it opened the connection. */
function data(truth: PublicTruth): Expected[] {
  const offer = truth.file_transfers.find((item) => item.rdv_type === 'propose') ?? {};
  const body = truth.notable.find((item) => item.type === 'OFT body') ?? {};
  const fields: Fields = {
    protocol: 'oft',
    'file.name': text(offer, 'filename'),
    'file.token': text(offer, 'cookie'),
  };
  const content = {
    'file.size': number(body, 'bytes'),
    'file.sha256': text(body, 'sha256'),
  };
  return [
    wanted(offer, 'file.start', fields),
    wanted(offer, 'file.complete', { ...fields, ...content }),
  ];
}
