/** 04/14: 8 cookie · u16 channel · u8 length · screen name · u16 0 nothing, 1 typed, 2 typing. */
import { Anomaly } from './anomalies.ts';
import type { OscarFlow } from './oscar-flow.ts';
import { four } from './snac.ts';

const STATES: Readonly<Record<number, string>> = {
  0: 'active',
  1: 'paused',
  2: 'composing',
  15: 'gone',
};

export function onTyping(flow: OscarFlow): void {
  const { body } = flow.snac;
  body.skip(8);
  body.u16();
  const other = body.name();
  const code = body.u16();
  if (body.failed) {
    flow.anomaly(Anomaly.Malformed);
    return;
  }
  const event = flow.between('typing', other);
  event.route = 'direct';
  event.state = STATES[code] ?? four(code);
  flow.say(event);
}
