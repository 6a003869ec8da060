/** NMDC between two peers: who they are, and what is asked, granted and refused. */
import { boundedCopy } from '../../src/bytes/text.ts';
import { Direction } from '../contract.ts';
import { Anomaly } from './anomalies.ts';
import { other } from './dc-flow.ts';
import type { NmdcFlow } from './nmdc-flow.ts';
import { NAME_LIMIT } from './nmdc-limits.ts';
import { type AdcForm, adcForm, numberOf } from './requests.ts';

type Handler = (flow: NmdcFlow, start: number, end: number) => void;

/**
 * `$MyNick ann`: the party that speaks. Where a hub connection announced the flow, the account is the
 * one of that connection, whichever end it is; else it is the client's.
 */
export const onMyNick: Handler = (flow, start, end) => {
  const text = flow.text(start, end);
  if (text === undefined) return;
  const nick = boundedCopy(text, NAME_LIMIT);
  const { direction, files } = flow;
  files.nicks[direction] = nick;
  // The client alone may say so to a hub.
  if (flow.role !== 'peer') return;
  const announced = flow.context.expected?.offer.account;
  if (announced !== undefined) {
    flow.account = announced;
    flow.side = announced === nick ? direction : other(direction);
  } else flow.account = files.nicks[Direction.ToServer];
};

/** Hubs do not say `$MyNick`. Picked up in the middle, who is the server may be mistaken. */
export function learnRole(flow: NmdcFlow): void {
  if (!flow.toServer || flow.context.midstream) flow.role ??= 'peer';
}

/** `$ADCGET type ident start bytes ZL1`. */
export const onAdcGet: Handler = (flow, start, end) => {
  const form = readAdc(flow, start, end);
  if (form === undefined) return;
  if (form.type !== 'file' && form.type !== 'list' && form.type !== 'tthl')
    unknown(flow, `ADCGET ${form.type.slice(0, 16)}`);
  flow.files.ask(form.wanted);
};

/** `$ADCSND type ident start bytes ZL1`, content at once. */
export const onAdcSend: Handler = (flow, start, end) => {
  const form = readAdc(flow, start, end);
  if (form?.wanted.size === undefined) return;
  flow.files.grant(form.wanted, form.wanted.size, true);
};

function readAdc(flow: NmdcFlow, start: number, end: number): AdcForm | undefined {
  return adcForm(flow, spacedWords(flow.text(start, end) ?? ''));
}

/** Words at spaces; `\ ` is a space in a word, `\\` a backslash. */
function spacedWords(text: string): string[] {
  const words = text.match(/(?:\\.|[^ \\])+/g) ?? [];
  return words.map((word) => word.replace(/\\(.)/g, '$1'));
}

/** `$Get path\name$1`. */
export const onGet: Handler = (flow, start, end) => {
  const text = flow.text(start, end) ?? '';
  const dollar = text.lastIndexOf('$');
  const position = numberOf(text.slice(dollar + 1));
  if (dollar < 1 || position === undefined || position < 1) {
    flow.anomaly(Anomaly.BadNumber);
    return;
  }
  const name = text.slice(0, dollar);
  const offset = position - 1;
  flow.files.ask({
    name,
    token: undefined,
    offset,
    size: undefined,
    isFile: true,
    compressed: false,
  });
};

/** `$FileLength 1000`: the whole file's. */
export const onFileLength: Handler = (flow, start, end) => {
  const length = numberOf(flow.text(start, end) ?? '');
  const asked = flow.files.request;
  if (length === undefined || asked === undefined || asked.offset > length) {
    flow.anomaly(length === undefined ? Anomaly.BadNumber : Anomaly.Unrequested);
    return;
  }
  flow.files.grant(asked, length - asked.offset, false);
};

export const onSend: Handler = (flow) => flow.files.go(undefined);

/** `$UGetBlock start bytes name`; `$GetZBlock` and `$UGetZBlock` ask for it compressed. */
export function onGetBlock(flow: NmdcFlow, start: number, end: number, compressed: boolean): void {
  const found = /^(\d+) (-?\d+) (.+)$/s.exec(flow.text(start, end) ?? '');
  const offset = numberOf(found?.[1] ?? '');
  if (found === null || offset === undefined) {
    flow.anomaly(Anomaly.BadNumber);
    return;
  }
  const [, , bytes = '', name = ''] = found;
  const size = numberOf(bytes);
  flow.files.ask({ name, token: undefined, offset, size, isFile: true, compressed });
}

/** `$Sending bytes`, content at once. */
export const onSending: Handler = (flow, start, end) => {
  const asked = flow.files.request;
  const size = start === end ? asked?.size : numberOf(flow.text(start, end) ?? '');
  if (asked === undefined || size === undefined) flow.anomaly(Anomaly.Unrequested);
  else flow.files.grant({ ...asked, size }, size, true);
};

/** `$MaxedOut`, `$Error text`, `$Failed text`. */
export function onPeerRefused(flow: NmdcFlow, word: string, start: number, end: number): void {
  flow.files.refuse(flow.text(start, Math.min(end, start + REASON_LIMIT)) ?? word);
}

/** A request of a kind that this decoder does not know. */
export function unknown(flow: NmdcFlow, reason: string): void {
  const event = flow.make('app.unknown');
  event.from = flow.files.nicks[flow.direction];
  event.reason = reason;
  flow.say(event);
}

const REASON_LIMIT = 256; // octets
