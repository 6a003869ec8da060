/** What a load file says of a day of a conversation. */
import { rfc3339 } from '../../../src/event/time.ts';
import type { ConversationDay } from './conversation-days.ts';
import type { ConversationInfo } from './conversation-info.ts';
import type { EdrmTag } from './edrm-xml.ts';
import type { WrittenMail } from './mail.ts';

/** The people whose conversation it is; where the directory knows nobody, who began the day. */
export function custodians({ parties }: ConversationInfo, day: ConversationDay): string[] {
  const people = new Set(parties.flatMap(({ person }) => person ?? []));
  return people.size > 0 ? [...people] : [day.sender];
}

export function dayTags(
  conversation: ConversationInfo,
  day: ConversationDay,
  { subject, size, sha256 }: WrittenMail,
  previous: string | undefined,
): EdrmTag[] {
  const others = conversation.parties
    .map(({ address }) => address)
    .filter((address) => address !== day.sender);
  return [
    ['#From', 'Text', day.sender],
    ['#To', 'Text', others.join('; ')],
    ['#Subject', 'Text', subject],
    ['#DateSent', 'DateTime', rfc3339(day.firstTime)],
    ['#DateReceived', 'DateTime', rfc3339(day.lastTime)],
    ['#FileSize', 'LongInteger', size],
    ['#AttachmentCount', 'Integer', day.files.length],
    ['SHA256', 'Text', sha256],
    ['Service', 'Text', conversation.service],
    ['Room', 'Text', conversation.room],
    ['Conversation', 'Integer', conversation.id],
    ['Records', 'Text', `${day.firstSequence}-${day.lastSequence}`],
    ['RecordCount', 'Integer', day.records],
    ['MessageCount', 'Integer', day.said],
    ['Persons', 'Text', conversation.parties.flatMap(({ person }) => person ?? []).join('; ')],
    ['InReplyTo', 'Text', previous],
  ];
}
