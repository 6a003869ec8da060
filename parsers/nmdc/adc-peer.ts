/** ADC between two clients, and the connections to them that a hub arranges (ADC 1.0 §5.3.10). */
import { boundedCopy } from '../../src/bytes/text.ts';
import { type AdcFlow, onUnknown } from './adc-flow.ts';
import { named } from './adc-line.ts';
import { addressOf } from './adc-users.ts';
import { Anomaly } from './anomalies.ts';
import { announce, rememberHash } from './connections.ts';
import { other } from './dc-flow.ts';
import { NAME_LIMIT } from './nmdc-limits.ts';
import { type AdcForm, adcForm } from './requests.ts';

/** `DCTM own other ADC/1.0 port token`: the sender listens. ADCS is TLS, which tells itself. */
export function onConnectToMe(flow: AdcFlow): void {
  const { line } = flow;
  const by = line.word(0);
  const [protocol = '', portText = '', token = ''] = line.words(2);
  const port = Number(portText);
  if (!/^\d{1,5}$/.test(portText) || port < 1 || port > 65_535) {
    flow.anomaly(Anomaly.BadAddress);
    return;
  }
  if (!protocol.startsWith('ADC/')) return;
  const stated = flow.users.get(flow.toServer ? 'own' : by)?.address;
  const address = flow.toServer
    ? (addressOf([`I4${stated ?? ''}`]) ?? flow.context.clientAddress)
    : stated;
  if (address === undefined) return;
  announce(flow, address, port, token === '' ? undefined : boundedCopy(token, NAME_LIMIT));
}

/** `DRES sid sid FN/path SIsize SLslots TRhash TOtoken`. */
export function onResult(flow: AdcFlow): void {
  const words = flow.line.words(2);
  const hash = named(words, 'TR');
  const path = named(words, 'FN');
  const name = path?.slice(path.lastIndexOf('/') + 1);
  if (hash !== undefined && /^[A-Z2-7]{39}$/.test(hash) && name) rememberHash(flow, hash, name);
}

/**
 * `CINF IDcid TOtoken`: the party that speaks, whose nick its hub connection told. The account is the
 * one of the hub connection that announced the flow, else the client's.
 */
export function onPeerInf(flow: AdcFlow): void {
  const words = flow.line.words(0);
  const { direction, files, context } = flow;
  const known = context.memory.get(`cid ${named(words, 'ID') ?? ''}`);
  const nick = typeof known === 'string' ? known : undefined;
  files.nicks[direction] = nick;
  const token = named(words, 'TO');
  const expected =
    context.expected ?? (token === undefined ? undefined : context.expectedByToken(token));
  const announced = expected?.offer.account;
  if (announced !== undefined && nick !== undefined) {
    flow.account = announced;
    flow.side = announced === nick ? direction : other(direction);
  } else if (flow.toServer && flow.account === undefined) flow.account = nick;
}

/** `CGET type ident start bytes [ZL1]`. */
export function onGet(flow: AdcFlow): void {
  const form = readForm(flow);
  if (form === undefined) return;
  if (!flow.carriesFiles && (form.type !== BLOOM || flow.toServer)) {
    onUnknown(flow);
    return;
  }
  if (form.type !== 'file' && form.type !== 'list' && form.type !== 'tthl' && form.type !== BLOOM) {
    const event = flow.make('app.unknown');
    event.from = flow.files.nicks[flow.direction];
    event.reason = `GET ${form.type.slice(0, 16)}`;
    flow.say(event);
  }
  flow.files.ask(form.wanted);
}

/** `CSND type ident start bytes [ZL1]`, content at once. */
export function onSend(flow: AdcFlow): void {
  const form = readForm(flow);
  if (form?.wanted.size === undefined) return;
  const { size } = form.wanted;
  // Only what a hub asked for is content to it: all else would be words that pass as one.
  const asked = form.type === BLOOM && flow.toServer && flow.files.request?.size === size;
  if (flow.carriesFiles || asked) flow.files.grant(form.wanted, size, true);
  else onUnknown(flow);
}

/** A hub asks for a filter of all hashes (BLOM extension): no file. */
const BLOOM = 'blom';

function readForm(flow: AdcFlow): AdcForm | undefined {
  const form = adcForm(flow, flow.line.words(0));
  if (form === undefined || form.type !== BLOOM) return form;
  return { ...form, wanted: { ...form.wanted, isFile: false } };
}

/** `CSTA code text`: from 100 on what was asked for is refused. */
export function onPeerStatus(flow: AdcFlow): void {
  const code = flow.line.word(0);
  if (/^[12]\d\d$/.test(code)) flow.files.refuse(flow.line.word(1) || code);
}
