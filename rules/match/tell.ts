/** What the user is told, with its placeholders filled in. */
import type { EventView } from './event-view.ts';

const LONGEST = 200; // characters of a filled-in value

export function tellText(template: string, rule: string, view: EventView): string {
  const { event, peers } = view;
  const values: Readonly<Record<string, string | undefined>> = {
    rule,
    from: event.from,
    account: event.account,
    peer: typeof peers === 'string' ? peers : peers?.join(', '),
    room: event.room,
    file: event.file?.name,
    service: event.service,
  };
  return template.replace(/\{([a-z]+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? shown(values[name]) : whole,
  );
}

/** Names come from the network: no line breaks, no controls, no endless ones. */
function shown(value: string | undefined): string {
  return (value ?? '?').replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').slice(0, LONGEST);
}

/** Names a conversation: notices are counted by it. */
export function conversationOf(view: EventView): string {
  const { event, peers } = view;
  const other = event.room ?? (typeof peers === 'string' ? peers : peers?.join(' '));
  return `${event.service} ${event.account} ${other}`;
}
