/**
 * What tshark's own dissectors read out of a capture: the second opinion of the differential test.
 * PDML has one field a line; `value` holds the octets as tshark cut them out of its reassembled
 * stream, which is all that is taken from it: splitting a line or unescaping is done here.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** One message as tshark saw it. */
export interface Said {
  /** The source it names; absent where the line or stanza names none (sent by the client). */
  readonly from?: string;
  /** XMPP: the resource of the source; in a private message of a room the occupant's nick. */
  readonly resource?: string;
  /** Nick, channel, or bare JID; several joined by commas. */
  readonly to: string;
  readonly text: string;
}

/** `decodeAs` as for tshark -d, where the port does not tell it: `tcp.port==6697,irc`. */
async function pdml(path: string, filter: string, decodeAs: readonly string[]): Promise<string[]> {
  const hints = decodeAs.flatMap((hint) => ['-d', hint]);
  // Not the default, and not for captures with losses: tshark then waits for what never comes.
  const sort = path.includes('reordered') ? ['-o', 'tcp.reassemble_out_of_order:TRUE'] : [];
  const args = ['-n', ...sort, '-r', path, '-Y', filter, ...hints];
  const { stdout } = await run('tshark', [...args, '-T', 'pdml'], {
    maxBuffer: 256 * 1024 * 1024,
  });
  // A shown text may span lines; it holds no bare '<'.
  return stdout.split(/\n(?= *<)/);
}

/**
 * PRIVMSG and NOTICE without other CTCP than ACTION, mIRC formatting removed, one for each target.
 * tshark 4.0 takes an IRCv3 tag for the command, but its lines are whole: they are split here.
 * `marked`: the client asked for identify-msg, a `+` or `-` before each text from the server.
 */
export async function ircMessages(
  path: string,
  decodeAs: readonly string[] = [],
  marked = false,
): Promise<Said[]> {
  return (await pdml(path, 'irc', decodeAs)).flatMap((line) => {
    const field = /<field name="irc\.(request|response)" .*value="([0-9a-f]*)"/.exec(line);
    if (field === null) return [];
    // What a client writes as its source means nothing: servers ignore it.
    return ircMessage(ircText(Buffer.from(field[2] ?? '', 'hex')), field[1] === 'response', marked);
  });
}

/** A line is UTF-8, or else Windows-1252. */
function ircText(line: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(line);
  } catch {
    return Buffer.from(line)
      .toString('latin1')
      .replace(/[\u0080-\u009f]/g, windows1252);
  }
}

/** Where Windows-1252 differs from Latin-1 (Node 20's own decoder does not know). */
function windows1252(character: string): string {
  return WINDOWS_1252[character.charCodeAt(0) - 0x80] ?? character;
}

const WINDOWS_1252 = [...'€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'];

function ircMessage(line: string, fromServer: boolean, marked: boolean): Said[] {
  const parts =
    /^ *(?:@\S* +)?(?::(?<source>[^ !]*)\S* +)?(?:PRIVMSG|NOTICE) +(?<to>\S+) +(?::(?<rest>.*)|(?<word>\S+) *)$/is.exec(
      line,
    )?.groups;
  if (parts === undefined) return [];
  let text = parts.rest ?? parts.word ?? '';
  if (marked && fromServer) text = text.slice(1);
  if (text.startsWith(CTCP)) {
    if (!text.startsWith(`${CTCP}ACTION`)) return [];
    text = text.slice(`${CTCP}ACTION `.length).split(CTCP, 1)[0] ?? '';
  }
  text = text.replace(FORMATTING, '');
  const from = fromServer && parts.source !== undefined ? { from: parts.source } : {};
  // STATUSMSG: `@#room` is the room's operators.
  const targets = (parts.to ?? '').split(',').map((to) => to.replace(/^[@%+](?=#)/, ''));
  return targets.map((to) => ({ ...from, to, text }));
}

const code = (number: number) => String.fromCharCode(number);
const CTCP = code(1);
/** Colour (mIRC, hex), then bold, reset, monospace, reverse, italics, strike-through, underline. */
const FORMATTING = new RegExp(
  [
    `${code(3)}(?:\\d{1,2}(?:,\\d{1,2})?)?`,
    `${code(4)}(?:[0-9a-f]{6}(?:,[0-9a-f]{6})?)?`,
    `[${[2, 15, 17, 22, 29, 30, 31].map(code).join('')}]`,
  ].join('|'),
  'gi',
);

/** Top-level message stanzas with a body that are no error; of several bodies the first. */
export async function xmppMessages(
  path: string,
  decodeAs: readonly string[] = [],
): Promise<Said[]> {
  const said: Said[] = [];
  let stanza: string[] | undefined;
  for (const line of await pdml(path, 'xmpp.message', decodeAs)) {
    if (line.startsWith('    <field name="xmpp.message"')) stanza = [];
    stanza?.push(line);
    if (line === '    </field>' && stanza !== undefined) {
      const message = xmppMessage(stanza);
      if (message !== undefined) said.push(message);
      stanza = undefined;
    }
  }
  return said;
}

function xmppMessage(stanza: readonly string[]): Said | undefined {
  const shown = (name: string) => {
    const field = stanza.find((line) => line.startsWith(`      <field name="xmpp.${name}"`));
    const value = / show="([^"]*)"/.exec(field ?? '')?.[1];
    return value === undefined ? undefined : unescapeXml(unescapeXml(value));
  };
  const bodyAt = stanza.findIndex((line) =>
    line.startsWith('      <field name="xmpp.message.body"'),
  );
  const type = shown('type') ?? 'normal';
  if (bodyAt < 0 || type === 'error') return undefined;
  const hex = / value="([0-9a-f]*)"/.exec(stanza[bodyAt + 1] ?? '')?.[1] ?? '';
  const text = bodyText(Buffer.from(hex, 'hex').toString());
  if (text === undefined) return undefined;
  const [from, to] = [shown('from'), shown('to')];
  const out = from === undefined;
  if (type === 'groupchat') {
    const [room, nick] = split(out ? to : from);
    return { ...(nick === undefined ? {} : { from: nick }), to: room, text };
  }
  const [source, resource] = split(from);
  const named = out ? {} : { from: source, ...(resource === undefined ? {} : { resource }) };
  return { ...named, to: split(to)[0], text };
}

/** The octets of one body element, markup undone; undefined where it is empty. */
function bodyText(element: string): string | undefined {
  const inner = /^<[^>]*[^>/]>(.*)<\/[^<]*>$/s.exec(element)?.[1];
  if (inner === undefined || inner === '') return undefined;
  // Line ends are LF for an XML reader (XML 1.0, 2.11).
  return inner
    .replace(/\r\n?/g, '\n')
    .split(/(<!\[CDATA\[.*?\]\]>)/s)
    .map((part) => (part.startsWith('<![CDATA[') ? part.slice(9, -3) : unescapeXml(part)))
    .join('');
}

/** Bare address in lower case, and the resource. */
function split(jid = ''): [string, string | undefined] {
  const slash = jid.indexOf('/');
  if (slash < 0) return [jid.toLowerCase(), undefined];
  return [jid.slice(0, slash).toLowerCase(), jid.slice(slash + 1)];
}

function unescapeXml(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return NAMED[name] ?? whole;
  });
}

const NAMED: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
};
