/** Who is there and how. */
import { htmlText } from '../framing/html-text.ts';
import { TocAnomaly } from './anomalies.ts';
import type { ServerCommand } from './server-command.ts';
import type { TocFlow } from './toc-flow.ts';
import { some } from './toc-text.ts';

/** UPDATE_BUDDY[2]:user:T|F:warning:since:idle minutes:class, whose third letter is U where away. */
export function onBuddy(flow: TocFlow, command: ServerCommand): void {
  command.split(8);
  const from = command.name(1);
  if (from === undefined || command.count < 3) {
    flow.anomaly(TocAnomaly.Malformed);
    return;
  }
  const event = flow.newEvent('presence');
  event.from = from;
  const idle = /^[1-9]/.test(command.text(5));
  if (command.text(2) !== 'T') event.state = 'offline';
  else if (command.text(6).charAt(2) === 'U') event.state = 'away';
  else event.state = idle ? 'idle' : 'available';
  flow.say(event);
}

/** toc_set_away [text], toc_set_idle seconds, toc_set_info text. */
export function onOwn(flow: TocFlow, state: string, written: string): void {
  const event = flow.newEvent('presence');
  event.from = flow.account;
  event.state = state;
  const text = htmlText(written);
  event.status = some(text);
  if (text !== written) event.markup = written;
  flow.say(event);
}
