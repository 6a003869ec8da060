/** PRIVMSG, NOTICE and their kin: text, actions, CTCP, DCC. */
import { Anomaly } from './anomalies.ts';
import { ctcpWords, isDcc, type MixedBody, mixedDcc, wholeCtcp } from './ctcp.ts';
import { expectChat, sayDccFile } from './dcc-events.ts';
import { DccVerb, readDcc } from './dcc-request.ts';
import { ircText } from './decoding.ts';
import { stripFormatting } from './formatting.ts';
import type { IrcFlow } from './irc-flow.ts';
import { DCC_EVENTS_LIMIT } from './irc-limits.ts';
import { type Saying, sayText } from './say-text.ts';
import { aliasedService } from './secrets.ts';
import { Tag } from './tags.ts';
import { recipientsOf } from './targets.ts';

const ACTION = '\x01ACTION ';

/** `COMMAND targets :text`, with the places of both among the parameters. */
export function onMessage(flow: IrcFlow, notice: boolean, targetAt = 0, textAt = 1): void {
  const { line } = flow;
  if (line.count <= textAt) return;
  let start = line.paramStart(textAt);
  const end = line.paramEnd(textAt);
  let body = ircText(line.buffer, start, end);
  if (flow.tags.has(Tag.Batch) && joinsMultiline(flow, notice, body)) return;
  if (!flow.toServer && line.fromUser && flow.capabilities.marksIdentity(body)) {
    body = body.slice(1);
    start += 1;
  }
  if (body === '') return;
  sayBody(flow, body, {
    recipients: recipientsOf(flow, line.name(targetAt)),
    from: flow.speaker(),
    notice,
    form: notice ? 'notice' : undefined,
    start,
    end,
  });
}

/** `NS IDENTIFY …` is a message to NickServ: all parameters are its text. */
export function onServiceAlias(flow: IrcFlow): void {
  const { line } = flow;
  if (line.count === 0 || !flow.toServer) return;
  const service = aliasedService(line.commandText());
  const start = line.paramStart(0);
  const text = ircText(line.buffer, start, line.end);
  sayText(flow, text, {
    recipients: [{ room: undefined, to: [service] }],
    from: flow.speaker(),
    notice: false,
    form: undefined,
    start,
    end: line.end,
  });
}

/** WALLOPS and its kin speak to everybody of a sort. */
export function onWallops(flow: IrcFlow): void {
  const { line } = flow;
  if (line.count === 0) return;
  const at = line.count - 1;
  const start = line.paramStart(at);
  const end = line.paramEnd(at);
  const text = ircText(line.buffer, start, end);
  if (text === '') return;
  const from = flow.speaker();
  sayText(flow, text, { recipients: [], from, notice: true, form: 'notice', start, end });
}

function sayBody(flow: IrcFlow, body: string, saying: Saying): void {
  const request = wholeCtcp(body);
  if (request === undefined) {
    const mixed = mixedDcc(body);
    if (mixed === undefined) sayText(flow, body, saying);
    else sayMixed(flow, mixed, saying);
    return;
  }
  if (body.startsWith(ACTION) || /^ACTION /i.test(request)) sayAction(flow, body, request, saying);
  else if (isDcc(request)) sayDcc(flow, request, saying);
  else sayCtcp(flow, request, saying);
}

function sayAction(flow: IrcFlow, body: string, request: string, saying: Saying): void {
  const text = request.slice(ACTION.length - 1);
  if (text === '') return;
  const start = saying.start + ACTION.length;
  const end = body.endsWith('\x01') ? saying.end - 1 : saying.end;
  // Unquoting moves octets: the text then stands nowhere.
  const quoted = body.includes('\x10');
  sayText(flow, text, {
    ...saying,
    form: 'action',
    start: quoted ? -1 : start,
    end: quoted ? -1 : end,
  });
}

function sayCtcp(flow: IrcFlow, request: string, saying: Saying): void {
  const plain = stripFormatting(request);
  if (plain !== request && isDcc(plain)) {
    flow.anomaly(Anomaly.DccHidden);
    sayDcc(flow, plain, saying);
    return;
  }
  const [command, params] = ctcpWords(request);
  const text = params === '' ? command : `${command} ${params}`;
  if (text !== '') sayText(flow, text, { ...saying, form: 'ctcp', start: -1, end: -1 });
}

function sayMixed(flow: IrcFlow, mixed: MixedBody, saying: Saying): void {
  flow.anomaly(Anomaly.DccHidden);
  for (const request of mixed.dcc) sayDcc(flow, request, saying);
  if (mixed.text.trim() !== '') sayText(flow, mixed.text, { ...saying, start: -1, end: -1 });
}

function sayDcc(flow: IrcFlow, text: string, saying: Saying): void {
  const request = readDcc(text);
  if (request === undefined) flow.anomaly(Anomaly.DccMalformed);
  for (const { room, to } of saying.recipients) {
    for (const name of room === undefined ? to : [undefined]) {
      if (flow.said >= DCC_EVENTS_LIMIT) {
        flow.anomaly(Anomaly.TooManyTargets);
        return;
      }
      const parties = { from: saying.from, to: name, room };
      if (request !== undefined && sayDccFile(flow, request, parties)) continue;
      const recipients = [{ room, to: name === undefined ? [] : [name] }];
      const one = { ...saying, recipients, form: 'ctcp' as const, start: -1, end: -1 };
      const refused = sayText(flow, text, one);
      // Also where it is refused, if it names an address: the connection is then not to be.
      const announces = !refused || request?.port !== 0;
      if (announces && request?.verb === DccVerb.Chat) {
        expectChat(flow, request, parties, refused);
      }
    }
  }
}

/** Whether the line is part of a multiline batch: its message comes with the batch's end. */
function joinsMultiline(flow: IrcFlow, notice: boolean, text: string): boolean {
  const multiline = flow.batches.multiline(flow.tags.value(Tag.Batch));
  if (multiline === undefined) return false;
  multiline.speaker = flow.speaker();
  multiline.notice = notice;
  if (multiline.add(text, flow.tags.has(Tag.Concat))) return true;
  flow.anomaly(Anomaly.BatchTooLarge);
  return false;
}
