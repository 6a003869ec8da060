/**
 * text/x-msmsgsinvite: a second block of fields that offers an application (dossier msnp.md §7). Files
 * are read in ftp/; the others are calls: voice, video, sharing of a screen.
 */
import { HeaderBlock } from '../framing/header-block.ts';
import type { Media } from './calls.ts';
import type { Content } from './content.ts';
import { some } from './msnp-flow.ts';
import { spoken } from './speech.ts';

const FILE = '5d3e02ab-6190-11d3-bbbb-00c04f795683';

/** Application-GUID of what is a call, and what is heard or seen in it. */
const APPLICATIONS: ReadonlyMap<string, Media> = new Map<string, Media>([
  ['02d3c01f-bf30-4825-a83a-de7af41648aa', 'audio'],
  ['44bba842-cc51-11cf-aafa-00aa00b6015c', 'video'],
  ['56b994a7-380f-410b-9985-c809d78c1bdc', undefined],
  ['1c9aa97e-9c05-4583-a3bd-908a196f1e92', 'video'],
  ['4bd96fc0-ab17-4425-a14a-439185962dc8', 'video'],
]);

export function onInvitation(content: Content): void {
  const { flow, buffer, start, end } = content;
  const fields = new HeaderBlock();
  fields.read(buffer, start, end);
  const cookie = fields.value('invitation-cookie');
  const application = guid(fields.value('application-guid'));
  const isFile =
    fields.range('application-file') !== undefined ||
    fields.values('application-guid').some((one) => guid(one) === FILE);
  // An answer names its offer by the cookie alone.
  const answers = application === undefined && !flow.calls.has(cookie ?? '');
  if (isFile || answers) toFiles(content);
  else if (cookie === undefined) flow.unknown('MSG invitation');
  else onCall(content, fields, cookie, application);
  fields.clear();
}

function toFiles({ flow, speech, buffer, start, end }: Content): void {
  flow.speaking = flow.files;
  flow.files.part({
    buffer,
    start,
    end,
    fromClient: flow.toServer,
    sender: speech.from,
    recipients: speech.to ?? flow.participants.others,
    destination: undefined,
    source: undefined,
  });
}

function onCall(
  content: Content,
  fields: HeaderBlock,
  cookie: string,
  application: string | undefined,
): void {
  const { flow } = content;
  const command = (fields.value('invitation-command') ?? '').toUpperCase();
  const code = some(fields.value('cancel-code'));
  const known = flow.calls.has(cookie);
  if (command === 'INVITE') {
    if (application !== undefined && !APPLICATIONS.has(application)) {
      flow.unknown(`MSG invitation ${some(fields.value('application-name')) ?? application}`);
      return;
    }
    const media = application === undefined ? undefined : APPLICATIONS.get(application);
    if (!flow.calls.offer(cookie, media)) flow.tableFull();
    say(content, 'call.offer', cookie, undefined);
  } else if (command === 'ACCEPT') {
    // Both sides send it: the second one only tells where to connect.
    if (known) say(content, 'call.accept', cookie, undefined);
  } else if (command === 'CANCEL') {
    const declined = code !== undefined && /^REJECT/i.test(code);
    say(content, declined ? 'call.decline' : 'call.end', cookie, code);
    flow.calls.end(cookie);
  } else flow.unknown(`MSG invitation ${command}`.trimEnd());
}

function say(
  { flow, speech }: Content,
  kind: 'call.offer' | 'call.accept' | 'call.decline' | 'call.end',
  cookie: string,
  reason: string | undefined,
): void {
  const event = spoken(flow, speech, kind);
  event.call = { media: flow.calls.media(cookie), token: cookie };
  event.reason = reason;
  flow.say(event);
}

/** Without braces, in lower case. */
function guid(text: string | undefined): string | undefined {
  return some(text?.replace(/[{}\s]/g, '').toLowerCase());
}
