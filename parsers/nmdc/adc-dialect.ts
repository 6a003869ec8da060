/**
 * ADC, one line at a time (Advanced Direct Connect 1.0). Lines end in LF; an empty one keeps the
 * connection alive.
 */
import type { ImEvent } from '../../src/event/event.ts';
import type { FlowContext, Replacement, Unit } from '../contract.ts';
import { onMessage } from './adc-chat.ts';
import { AdcFlow, onUnknown } from './adc-flow.ts';
import * as hub from './adc-hub.ts';
import { AdcLine, wordCode } from './adc-line.ts';
import * as peer from './adc-peer.ts';
import { replaceAdc } from './adc-replace.ts';
import { Anomaly } from './anomalies.ts';
import { other } from './dc-flow.ts';
import type { Dialect } from './dc-parser.ts';

type Handler = (flow: AdcFlow) => void;

const LF = 0x0a;
const HUB = 0x49;
const CLIENT = 0x43;
const silent: Handler = () => {};

const HANDLERS: ReadonlyMap<number, Handler> = new Map<number, Handler>([
  ...'PAS GPA SCH RCM NAT RNT CMD ZOF TCP KEY PSR GFI'
    .split(' ')
    .map((word): [number, Handler] => [wordCode(word), silent]),
  [wordCode('SUP'), onSupports],
  [wordCode('SID'), hub.onSid],
  [wordCode('INF'), onInf],
  [wordCode('QUI'), hub.onQuit],
  [
    wordCode('STA'),
    (flow) => (flow.role === 'peer' ? peer.onPeerStatus(flow) : hub.onHubStatus(flow)),
  ],
  [wordCode('MSG'), onMessage],
  [wordCode('CTM'), peer.onConnectToMe],
  [wordCode('RES'), peer.onResult],
  [wordCode('GET'), peer.onGet],
  [wordCode('SND'), peer.onSend],
  [wordCode('ZON'), onZOn],
]);

export class AdcDialect implements Dialect {
  readonly delimiter = LF;
  readonly flow: AdcFlow;
  readonly #certain = new AdcLine();

  constructor(context: FlowContext) {
    this.flow = new AdcFlow(context);
  }

  get files(): AdcFlow['files'] {
    return this.flow.files;
  }

  isCertain(buffer: Uint8Array, start: number, end: number): boolean {
    const line = this.#certain;
    const certain = line.read(buffer, start, end) && HANDLERS.has(line.command);
    line.clear();
    return certain;
  }

  command(buffer: Uint8Array, start: number, end: number): void {
    const { flow } = this;
    const { line } = flow;
    if (!line.read(buffer, start, end)) {
      flow.anomaly(Anomaly.BadLine);
      return;
    }
    if (line.type !== CLIENT) flow.beHub();
    else if (!flow.toServer || flow.context.midstream) flow.role ??= 'peer';
    const handler = HANDLERS.get(line.command);
    if (handler === undefined) onUnknown(flow);
    else handler(flow);
  }

  replace(event: ImEvent, unit: Unit, notice: string | undefined): Replacement | undefined {
    return replaceAdc(this.flow, event, unit, notice);
  }
}

function onInf(flow: AdcFlow): void {
  if (flow.line.type === CLIENT) {
    if (flow.role !== 'hub') peer.onPeerInf(flow);
  } else if (flow.line.type === HUB) hub.onHubInf(flow);
  else hub.onUserInf(flow);
}

/** `HSUP ADBASE RMZLIF`: features added and removed. */
function onSupports(flow: AdcFlow): void {
  for (const word of flow.line.words(0)) {
    if (word === 'ADZLIF') flow.inflates[flow.direction] = true;
    else if (word === 'RMZLIF') flow.inflates[flow.direction] = false;
  }
}

/**
 * The stream is compressed from here to the end of one zlib stream (ZLIF extension), where the other side
 * said that it reads that.
 */
function onZOn(flow: AdcFlow): void {
  if (!flow.cut && (flow.inflates[other(flow.direction)] || flow.context.midstream))
    flow.compressed = true;
  else onUnknown(flow);
}
