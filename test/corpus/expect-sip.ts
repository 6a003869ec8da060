/**
 * What the truth of a SIP or MSRP capture says the engine must report.
 *
 * The recorded truth lists sign-ins, messages and answers as they are. The public one lists every request
 * and response as tshark names their fields: what these make of sign-ins, presence and calls is worked out
 * here from their order alone (Call-ID, method, status), not from what the parser does.
 */
import type { Expected } from './compare.ts';
import { type Item, items, number, type PublicTruth, type RecordedTruth, text } from './truth.ts';

type Fields = Expected['fields'];

function wanted(item: Item, kind: string, fields: Fields): Expected {
  return { what: JSON.stringify(item).slice(0, 200), fields: { kind, ...fields } };
}

/** `sip:Ann@host;transport=udp` as the event model writes it; a telephone number alone. */
function identity(uri: string | undefined): string | undefined {
  return uri
    ?.replace(/^(?:sips?|tel|im):/, '')
    .replace(/[;?].*$/, '')
    .replace(/:\d+$/, '')
    .toLowerCase();
}

export function expectRecordedSip(truth: RecordedTruth): Expected[] {
  const msrp = items(truth as unknown as Item, 'msrp_events');
  return [...truth.events.flatMap(recordedSip), ...msrp.map((item) => recordedMsrp(item, msrp))];
}

function recordedSip(item: Item): Expected[] {
  const packet = number(item, 'frame');
  const from = text(item, 'from');
  const to = text(item, 'to');
  const origin = item.dir === 'out' ? 'client' : 'server';
  const parties = { packet, origin, account: 'nora@harbor.example', from, to, protocol: 'sip' };
  switch (item.event) {
    case 'login': {
      const kind = item.expires === '0' ? 'session.logout' : 'session.login';
      return [wanted(item, kind, { packet, origin, account: text(item, 'account') })];
    }
    case 'message': {
      const cpim = item.cpim as Item | undefined;
      return [
        wanted(item, 'message', {
          ...parties,
          text: shown(item),
          messageId: text(item, 'call_id'),
          subject: cpim === undefined ? undefined : text(cpim, 'Subject'),
        }),
      ];
    }
    case 'composing':
      return [wanted(item, 'typing', { ...parties, state: 'composing' })];
    case 'answer': {
      // Answers are events where a message was not delivered; those to INVITE stand under `msrp_events`.
      const status = number(item, 'status') ?? 0;
      if (item.method !== 'MESSAGE' || status < 300) return [];
      const back = { ...parties, from: to, to: from };
      return [wanted(item, 'message.receipt', { ...back, state: 'failed' })];
    }
    case 'session-offer':
    case 'ack':
    case 'bye':
      return [];
    default:
      throw new Error(`truth item of an unknown kind: ${JSON.stringify(item)}`);
  }
}

/** The truth has HTML with its markup. */
function shown(item: Item): string | undefined {
  const written = text(item, 'text');
  if (item.content_type !== 'text/html') return written;
  return written?.replace(/<[^>]*>/g, '').replace(/&amp;/g, '&');
}

function recordedMsrp(item: Item, all: readonly Item[]): Expected {
  const account = 'nora@harbor.example';
  const peer = 'per@harbor.example';
  const transfer = text(item, 'transfer_id');
  const offer = all.find((e) => e.event === 'file-offer' && text(e, 'transfer_id') === transfer);
  const file: Fields = {
    account,
    'file.name': text(item, 'name') ?? (offer && text(offer, 'name')),
    'file.size': number(item, 'size') ?? (offer && number(offer, 'size')),
    'file.method': 'msrp',
  };
  const token = { 'file.token': transfer };
  const sent = { origin: 'client', from: account, to: peer };
  const answered = { origin: 'server', from: peer, to: account };
  switch (item.event) {
    case 'message':
      return wanted(item, 'message', {
        protocol: 'msrp',
        account,
        origin: item.dir === 'out' ? 'client' : 'server',
        from: text(item, 'from'),
        to: text(item, 'to'),
        text: shown(item),
        messageId: text(item, 'message_id'),
      });
    case 'file-offer':
      return wanted(item, 'file.offer', { ...file, ...token, ...sent, protocol: 'sip' });
    case 'file-accept':
      return wanted(item, 'file.accept', { ...file, ...token, ...answered, protocol: 'sip' });
    case 'file-decline':
      return wanted(item, 'file.decline', { ...file, ...token, ...answered, protocol: 'sip' });
    case 'file-complete':
      return wanted(item, 'file.complete', {
        ...file,
        ...sent,
        protocol: 'msrp',
        'file.sha256': text(item, 'sha256'),
        'file.token': 'ft-msrp-chat-file-1',
      });
    default:
      throw new Error(`truth item of an unknown kind: ${JSON.stringify(item)}`);
  }
}

/** Frames with `Expires: 0` in the request they answer (`tshark -e sip.Expires`): the truth has no expiry. */
export interface Shown {
  readonly logouts?: readonly number[];
  /** Challenges to a request whose credentials are empty: `response=""`. */
  readonly firstChallenges?: readonly number[];
  /** Recipients of short messages, in the body. */
  readonly recipients?: ReadonlyMap<number, { readonly to: string; readonly text: string }>;
}

export function expectPublicSip(truth: PublicTruth, known: Shown = {}): Expected[] {
  const all = [
    ...truth.logins,
    ...truth.messages,
    ...truth.presence,
    ...truth.notable.filter((item) => typeof item === 'object'),
  ] as Item[];
  const seen = all.filter((item) => !isInsideIcmp(item));
  seen.sort((a, b) => (number(a, 'frame') ?? 0) - (number(b, 'frame') ?? 0));
  return seen.flatMap((item, i) => publicItem(item, seen.slice(0, i), known));
}

/** ICMP errors quote the datagram that they are about: tshark names two pairs of addresses. */
function isInsideIcmp(item: Item): boolean {
  return (text(item, 'src') ?? '').includes('\u001e');
}

function publicItem(item: Item, before: readonly Item[], known: Shown): Expected[] {
  const status = number(item, 'status') ?? 0;
  const method = text(item, 'cseq');
  const isRequest = text(item, 'method') !== '';
  if (isRequest) return publicRequest(item, before, known);
  if (method === 'REGISTER') return registerAnswer(item, status, before, known);
  if (method === 'INVITE') return inviteAnswer(item, status, before);
  return [];
}

function publicRequest(item: Item, before: readonly Item[], known: Shown): Expected[] {
  const packet = number(item, 'frame');
  const from = identity(text(item, 'from'));
  const to = identity(text(item, 'to'));
  const leg = sameLeg(item, before);
  switch (text(item, 'method')) {
    case 'MESSAGE': {
      const sms = known.recipients?.get(packet ?? 0);
      const form = sms === undefined ? undefined : 'sms';
      const said = sms === undefined ? { to } : { to: sms.to, text: sms.text };
      return [wanted(item, 'message', { packet, from, ...said, form, origin: 'client' })];
    }
    case 'PUBLISH': {
      // Sent back to who made it by a server that does not know presence.
      const isEcho = before.some(
        (e) => isOf(e, item, 'PUBLISH') && text(e, 'src') !== text(item, 'src'),
      );
      const origin = isEcho ? 'server' : 'client';
      const copy = isEcho ? 'echo' : undefined;
      return [wanted(item, 'presence', { packet, from, origin, copy, state: 'available' })];
    }
    case 'INVITE': {
      const last = leg.findLast((e) => text(e, 'cseq') === 'INVITE');
      if (last !== undefined && text(last, 'method') === 'INVITE') return []; // retransmitted
      if (last !== undefined && number(last, 'status') === 100) return [];
      const copy = leg.some((e) => number(e, 'status') === 407 || number(e, 'status') === 401)
        ? 'echo'
        : undefined;
      return [wanted(item, 'call.offer', { packet, from, to, copy })];
    }
    case 'CANCEL':
    case 'BYE': {
      const method = text(item, 'method');
      const again = leg.some((e) => text(e, 'method') === method);
      return again ? [] : [wanted(item, 'call.end', { packet, from, to })];
    }
    default:
      return [];
  }
}

function registerAnswer(
  item: Item,
  status: number,
  before: readonly Item[],
  known: Shown,
): Expected[] {
  const packet = number(item, 'frame') ?? 0;
  const account = identity(text(item, 'to'));
  const fields = { packet, account, origin: 'server' };
  if (status < 200) return [];
  if (status < 300) {
    const out = known.logouts?.includes(packet) === true;
    return [wanted(item, out ? 'session.logout' : 'session.login', fields)];
  }
  const asked = before.findLast((e) => isOf(e, item, 'REGISTER'));
  const isChallenge = status === 401 || status === 407;
  const tried = asked !== undefined && text(asked, 'auth') !== '';
  if (isChallenge && (!tried || known.firstChallenges?.includes(packet) === true)) return [];
  return [wanted(item, 'session.failed', fields)];
}

function inviteAnswer(item: Item, status: number, before: readonly Item[]): Expected[] {
  const leg = sameLeg(item, before);
  const packet = number(item, 'frame');
  if (status < 200 || status === 401 || status === 407) return [];
  const isDone = leg.some(
    (e) => text(e, 'method') === 'CANCEL' || (isAnswer(e) && isFinal(number(e, 'status') ?? 0)),
  );
  if (isDone) return [];
  const parties = { from: identity(text(item, 'to')), to: identity(text(item, 'from')) };
  return [wanted(item, status < 300 ? 'call.accept' : 'call.decline', { packet, ...parties })];
}

function isAnswer(item: Item): boolean {
  return text(item, 'method') === '' && text(item, 'cseq') === 'INVITE';
}

function isFinal(status: number): boolean {
  return status >= 200 && status !== 401 && status !== 407;
}

function isOf(item: Item, other: Item, method: string): boolean {
  return text(item, 'method') === method && text(item, 'call_id') === text(other, 'call_id');
}

/** What went between the same two hosts in the same call. */
function sameLeg(item: Item, before: readonly Item[]): Item[] {
  const pair = (e: Item) => [text(e, 'src'), text(e, 'dst')].sort().join();
  return before.filter(
    (e) => text(e, 'call_id') === text(item, 'call_id') && pair(e) === pair(item),
  );
}
