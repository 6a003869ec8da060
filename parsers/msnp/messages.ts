/** MSG: `MSG t U|N|A|D len` to the switchboard, `MSG address name len` from it (dossier msnp.md §5). */
import { Anomaly } from './anomalies.ts';
import { readContent } from './content.ts';
import { type MsnpFlow, Role, some } from './msnp-flow.ts';
import { MESSAGE_LIMIT } from './msnp-limits.ts';
import { Form } from './neutral.ts';
import { onNotice } from './notices.ts';
import { inConversation, type Speech } from './speech.ts';

export function onMsg(flow: MsnpFlow): void {
  const { command } = flow;
  flow.form = Form.Message;
  flow.head = command.payloadStart - command.start;
  // `Hotmail Hotmail`: the notification server itself.
  if (!flow.toServer && !command.isAddress(0)) {
    onNotice(flow);
    return;
  }
  flow.become(Role.Switchboard);
  if (command.end - command.payloadStart > MESSAGE_LIMIT) flow.anomaly(Anomaly.MessageTooLarge);
  const from = flow.toServer ? flow.account : some(command.address(0));
  if (!flow.toServer && from !== undefined && !flow.isOwn(from)) {
    if (!flow.participants.join(from)) flow.tableFull();
  }
  const speech = inConversation(flow, from);
  const own = !flow.toServer && from !== undefined && flow.isOwn(from);
  readContent(
    flow,
    own ? elsewhere(flow, speech) : speech,
    command.buffer,
    command.payloadStart,
    command.end,
  );
}

/** The account's own words, said from another place (MSNP16 and later). */
function elsewhere(flow: MsnpFlow, speech: Speech): Speech {
  const { others } = flow.participants;
  const to = speech.room === undefined && others.length > 0 ? others : undefined;
  return { ...speech, to, copy: 'carbon' };
}
