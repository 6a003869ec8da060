/**
 * What the truth of the MQTT captures says the engine must report. What is reported of which packet is
 * described in parsers/mqtt/README.md; who, where and what comes from the truth.
 */
import type { Expected } from './compare.ts';
import { type Item, items, number, type PublicTruth, type RecordedTruth, text } from './truth.ts';

type Fields = Expected['fields'];

function wanted(item: Item, kind: string, fields: Fields): Expected {
  return { what: `${kind} ${JSON.stringify(item).slice(0, 160)}`, fields: { kind, ...fields } };
}

/** Sessions recorded with a script. A login without success is refused; a disconnect is a logout. */
export function expectRecordedMqtt(truth: RecordedTruth): Expected[] {
  const accounts = new Map<string | undefined, string | undefined>();
  for (const item of truth.events) {
    if (item.event === 'login') accounts.set(text(item, 'flow'), text(item, 'account'));
  }
  return truth.events.flatMap((item) => {
    const account = accounts.get(text(item, 'flow'));
    const packet = number(item, 'frame');
    const origin = item.dir === 'c2s' ? 'client' : 'server';
    const own = { account, origin, packet };
    switch (item.event) {
      case 'login':
        return wanted(item, item.success === true ? 'session.login' : 'session.failed', own);
      case 'disconnect':
        return wanted(item, 'session.logout', own);
      case 'room-join':
        return (item.topics as string[]).map((room) =>
          wanted(item, 'room.join', { ...own, room, from: account }),
        );
      case 'message':
        return wanted(item, 'message', {
          ...own,
          from: origin === 'client' ? account : undefined,
          to: undefined,
          room: text(item, 'topic'),
          text: text(item, 'text'),
        });
      default:
        throw new Error(`truth item of an unknown kind: ${JSON.stringify(item)}`);
    }
  });
}

/**
 * Codes of CONNACK that tshark 4.0 does not show: of 5.0, and where it has seen no CONNECT. The last octet but
 * the properties: frame 6 is `20 06 00 00 03 …`, in the second `20 03 00 8c 00`, frame 16 `20 02 00 00`.
 */
const CODES: Readonly<Record<string, string>> = {
  'mqtt/mqtt5-pub-mosquittoprops.pcap': '0',
  'mqtt/mqtt5-sub-customauth.pcap': '140',
  'mqtt/mqtt-events-missing-connect.pcap': '0',
};

/** Frames between IPv6 ends with PUBLISH from port 1883; all others come from the client. */
const SAID_BY_BROKER: Readonly<Record<string, readonly (number | undefined)[]>> = {
  'mqtt/mqtt-events-missing-connect.pcap': [41],
};

/** Field output of tshark: CONNECT and CONNACK, PUBLISH, SUBSCRIBE. */
export function expectPublicMqtt(truth: PublicTruth): Expected[] {
  // Frame 16 to 61: 16 octets (CONNECT) were never captured, so what the client says behind them waits for
  // them until the connection ends. Which packet completed an item then is the engine's affair.
  const frame = (item: Item): Fields =>
    /missing-connect/.test(truth.file) ? {} : { packet: number(item, 'frame') };
  const connects = new Map(
    truth.logins.filter((item) => item.type === 'CONNECT').map((item) => [item.stream, item]),
  );
  const accountOf = (item: Item) => {
    const connect = connects.get(item.stream);
    return connect && (some(connect, 'username') ?? some(connect, 'client_id'));
  };
  const isFromClient = (item: Item) => {
    const flow = truth.flows.find(({ stream }) => stream === item.stream);
    if (flow === undefined) throw new Error(`no flow: ${JSON.stringify(item)}`);
    // The broker is where 1883 is; between two IPv6 ends (of one host) the truth has no addresses.
    if (text(item, 'src') === '')
      return !(SAID_BY_BROKER[truth.file] ?? []).includes(number(item, 'frame'));
    return (flow.dport === '1883') === (item.src === flow.src);
  };
  return [
    ...truth.logins.flatMap((item) => {
      const account = accountOf(item);
      if (item.type === 'CONNECT') return willOf(item, account);
      const code = some(item, 'code') ?? CODES[truth.file];
      if (code === undefined) throw new Error(`no code: ${JSON.stringify(item)}`);
      const kind = code === '0' ? 'session.login' : 'session.failed';
      return wanted(item, kind, { account, origin: 'server', ...frame(item) });
    }),
    ...truth.messages.map((item) => {
      const account = accountOf(item);
      const fromClient = isFromClient(item);
      return wanted(item, 'message', {
        account,
        origin: fromClient ? 'client' : 'server',
        from: fromClient ? account : undefined,
        room: text(item, 'topic'),
        ...textOf(item),
        ...frame(item),
      });
    }),
    ...truth.presence.flatMap((item) =>
      (item.topics as string[]).map((room) => {
        const account = accountOf(item);
        const own = { account, from: account, origin: 'client' };
        return wanted(item, 'room.join', { ...own, room, ...frame(item) });
      }),
    ),
  ];
}

/** The truth has the first thousand characters at most. */
function textOf(item: Item): Fields {
  const shown = text(item, 'text') ?? '';
  const octets = number(item, 'payload_bytes') ?? 0;
  if (shown.length >= octets) return { text: shown };
  return { text: `${shown}${(shown[0] ?? '').repeat(octets - shown.length)}` };
}

function willOf(item: Item, account: string | undefined): Expected[] {
  const room = some(item, 'will_topic');
  if (room === undefined) return [];
  const will = Buffer.from(text(item, 'will_msg') ?? '', 'hex').toString('utf8');
  const fields = { account, from: account, origin: 'client', room, text: will, state: 'will' };
  return [wanted(item, 'message', { ...fields, packet: number(item, 'frame') })];
}

function some(item: Item, field: string): string | undefined {
  const value = text(item, field);
  return value === '' ? undefined : value;
}

/** Names of the fields that a truth file may have and that this reader must not overlook. */
export function unread(truth: PublicTruth): readonly Item[] {
  return [...truth.typing, ...truth.file_transfers, ...items({ ...truth }, 'contacts')];
}
