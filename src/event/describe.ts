/**
 * One event as one line for people: logs, reports, error messages. Everything that came from the
 * network is made harmless; long text is cut.
 */
import type { ImEvent } from './event.ts';
import { harmless } from './harmless.ts';

const TEXT_CODE_UNITS = 160;

/** `xmpp message alice@a.example → bob@b.example: "hello" [drop by no-links]` */
export function describe(event: ImEvent): string {
  const parts = [event.service ?? event.protocol, event.kind, parties(event), subjectOf(event)];
  const line = parts.filter((part) => part !== undefined && part !== '').join(' ');
  return event.verdict === undefined || event.verdict.action === 'pass'
    ? line
    : `${line} [${event.verdict.action}${by(event.verdict.rule)}]`;
}

function by(rule: string | undefined): string {
  return rule === undefined ? '' : ` by ${harmless(rule)}`;
}

function parties(event: ImEvent): string {
  const from = event.from ?? (event.origin === 'client' ? event.account : undefined);
  const to = event.to?.join(', ') ?? event.room;
  const room = event.room !== undefined && event.to !== undefined ? ` in ${event.room}` : '';
  if (from !== undefined && to !== undefined) return cut(`${from} → ${to}${room}`);
  if (to !== undefined) return cut(`→ ${to}${room}`);
  return cut(from ?? event.account ?? '');
}

function subjectOf(event: ImEvent): string {
  switch (event.kind) {
    case 'message':
    case 'message.edit':
    case 'room.topic':
      return event.text === undefined ? '' : `"${cut(event.text)}"`;
    case 'presence':
    case 'typing':
      return cut([event.state, event.status].filter((part) => part !== undefined).join(': '));
    case 'gap':
      return event.gap === undefined
        ? ''
        : `${event.gap.octets} octets ${event.gap.direction} (${event.gap.cause})`;
    case 'flow.identified':
    case 'flow.opaque':
    case 'flow.anomaly':
    case 'flow.end':
      return cut(
        [
          event.flow && `${event.flow.client} → ${event.flow.server}`,
          event.anomalies?.join(', '),
          [event.activity, event.host].filter((part) => part !== undefined).join(' ') || undefined,
          event.reason,
        ]
          .filter((part) => part !== undefined)
          .join(': '),
      );
    default:
      return cut(
        [fileText(event), event.contact, event.call?.media, event.reason]
          .filter((part) => part !== undefined)
          .join(', '),
      );
  }
}

function fileText(event: ImEvent): string | undefined {
  if (event.file === undefined) return undefined;
  const name = event.file.name ?? event.file.url ?? 'a file';
  return event.file.size === undefined ? name : `${name} (${event.file.size} octets)`;
}

function cut(text: string): string {
  return text.length <= TEXT_CODE_UNITS
    ? harmless(text)
    : `${harmless(text.slice(0, TEXT_CODE_UNITS - 1))}…`;
}
