/**
 * What people say at an ADC hub (ADC 1.0 §5.3.5): `MSG text [PMsid] [ME1] [TSseconds]`.
 *
 *   BMSG sid        to all            DMSG sid sid, EMSG sid sid   to one (E: a copy comes back)
 *   IMSG            from the hub      HMSG                         to the hub
 *   CMSG            between clients (CCPM)
 *
 * PM: a private talk; the SID is where answers go. Where it is not the sender's, a robot makes a room.
 */
import type { ImEvent } from '../../src/event/event.ts';
import { rfc3339 } from '../../src/event/time.ts';
import type { AdcFlow } from './adc-flow.ts';
import { named } from './adc-line.ts';

const BROADCAST = 0x42;
const FEATURES = 0x46;
const DIRECT = 0x44;
const ECHOED = 0x45;

export function onMessage(flow: AdcFlow): void {
  const { line } = flow;
  flow.saidBy = '';
  flow.saidTo = '';
  if (line.type === DIRECT || line.type === ECHOED) onDirect(flow);
  else if (line.type === BROADCAST || line.type === FEATURES) {
    flow.saidBy = line.word(0);
    say(flow, roomMessage(flow, flow.saidBy), line.type === BROADCAST ? 1 : 2);
  } else onPlain(flow);
}

function roomMessage(flow: AdcFlow, sid: string): ImEvent {
  const event = flow.inRoom('message', flow.speaker(sid));
  if (!flow.toServer && sid === flow.sid) event.copy = 'echo';
  return event;
}

function onDirect(flow: AdcFlow): void {
  const { line } = flow;
  const by = line.word(0);
  const to = line.word(1);
  flow.saidBy = by;
  flow.saidTo = to;
  if (!flow.toServer && flow.sid === undefined && line.type === DIRECT) flow.sid = to.slice(0, 4);
  const event = flow.make('message');
  event.from = flow.speaker(by);
  const talk = named(line.words(3), 'PM');
  if (!flow.toServer && talk !== undefined && talk !== by && talk !== flow.sid) {
    event.room = flow.users.nick(talk);
    event.route = 'room';
  } else {
    const nick = flow.nickOf(to);
    if (nick !== undefined) event.to = [nick];
    event.route = 'direct';
  }
  if (!flow.toServer && by === flow.sid) event.copy = 'echo';
  say(flow, event, 2);
}

/** Without SIDs: the hub's words, words to the hub, or words between two clients. */
function onPlain(flow: AdcFlow): void {
  const event = flow.make('message');
  if (flow.role === 'peer') {
    event.from = flow.files.nicks[flow.direction];
    const to = flow.files.nicks[flow.toServer ? 1 : 0];
    if (to !== undefined) event.to = [to];
    event.route = 'direct';
  } else {
    event.route = 'service';
    if (flow.toServer) event.from = flow.account ?? flow.tried;
    else {
      event.room = flow.room;
      event.route = 'room';
    }
  }
  say(flow, event, 0);
}

/** The text is word `i`. */
function say(flow: AdcFlow, event: ImEvent, i: number): void {
  const { line } = flow;
  const text = line.word(i);
  if (text === '') return;
  const words = line.words(i + 1);
  event.text = text;
  if (named(words, 'ME') === '1') event.form = 'action';
  const seconds = Number(named(words, 'TS') ?? Number.NaN);
  if (!flow.toServer && seconds > 0) event.sentAt = rfc3339(seconds * 1e6);
  const end = line.verbatimEnd(i);
  flow.say(event, end === -1 ? -1 : line.start(i), end);
}
