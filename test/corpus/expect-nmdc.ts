/** What the truth of a public NMDC capture says the engine must report (parsers/nmdc/README.md). */
import { type Expected, OneOf } from './compare.ts';
import { type Item, items, number, type PublicTruth, text } from './truth.ts';

type Fields = Expected['fields'];

const HUB = new OneOf('WoodStock', '10.42.0.58:1209');
/** The hub connection's account: `$Hello` and `$LogedIn` name it. */
const ACCOUNT = 'codelec';

export function expectNmdc(truth: PublicTruth): Expected[] {
  const peers = new Map(truth.flows.map((flow) => [number(flow, 'stream'), flow]));
  return [
    ...truth.logins.flatMap(login),
    ...truth.messages.map(message),
    ...truth.presence.flatMap(presence(new Map())),
    ...items({ ...truth }, 'notable').flatMap((item) => request(item, truth)),
    ...truth.file_transfers.flatMap((item) => {
      const flow = peers.get(number(item, 'stream')) ?? {};
      return file(item, `${text(flow, 'src')}:${text(flow, 'sport')}`, truth);
    }),
  ];
}

function wanted(item: Item, kind: string, fields: Fields, optional = false): Expected {
  const origin = item.dir === 'c2s' ? 'client' : 'server';
  const what = JSON.stringify(item).slice(0, 200);
  return { what, fields: { kind, origin, account: ACCOUNT, ...fields }, optional };
}

/** `$Hello` to oneself; the other commands of the exchange say nothing new, `$MyPass` nothing at all. */
function login(item: Item): Expected[] {
  if (text(item, 'raw') !== `$Hello ${ACCOUNT}`) return [];
  return [wanted(item, 'session.login', { from: ACCOUNT, packet: number(item, 'frame') })];
}

function message(item: Item): Expected {
  const from = text(item, 'from');
  const words = text(item, 'text');
  const parties: Fields =
    item.kind === 'private'
      ? { to: text(item, 'to'), room: undefined, route: 'direct' }
      : { to: undefined, room: HUB, route: 'room' };
  return wanted(item, 'message', { from, text: words, packet: number(item, 'frame'), ...parties });
}

/** `$MyINFO`, where it says something that is news; `$HubName` as the topic behind its dash. */
function presence(known: Map<string, string>): (item: Item) => Expected[] {
  return (item) => {
    const raw = text(item, 'raw') ?? '';
    const packet = number(item, 'frame');
    const info = /^\$MyINFO \$ALL (\S+) ([^<$]*)(?:<[^>]*>)?\$.\$(.*?)\$/s.exec(raw);
    if (info !== null) {
      const [, from = '', words = '', connection = ''] = info;
      const state = (connection.charCodeAt(connection.length - 1) & 2) !== 0 ? 'away' : 'available';
      const status = words.trim() || undefined;
      const key = `${text(item, 'dir')} ${from}`;
      if (known.get(key) === `${state} ${status}`) return [];
      known.set(key, `${state} ${status}`);
      const copy = from === ACCOUNT && item.dir === 's2c' ? 'echo' : undefined;
      return [wanted(item, 'presence', { from, copy, state, status, room: HUB, packet })];
    }
    const topic = /^\$HubName .*? - (.*)$/.exec(raw)?.[1];
    if (topic === undefined) return [];
    return [wanted(item, 'room.topic', { room: 'WoodStock', text: topic.trim(), packet })];
  };
}

/** Who speaks to whom on a connection between peers: the account listens there. */
function parties(item: Item, sender: 'c2s' | 's2c', truth: PublicTruth): Fields {
  const nick = (dir: string) =>
    truth.logins
      .filter((other) => other.stream === item.stream && other.dir === dir)
      .map((other) => text(other, 'raw')?.replace('$MyNick ', ''))[0];
  const from = nick(sender);
  const to = nick(sender === 'c2s' ? 's2c' : 'c2s');
  return { from, to, origin: from === ACCOUNT ? 'client' : 'server', route: 'direct' };
}

/** `$ADCGET`: what the other party has is asked for. */
function request(item: Item, truth: PublicTruth): Expected[] {
  const name = /^\$ADCGET file (\S+) 0 -1 ZL1$/.exec(text(item, 'raw') ?? '')?.[1];
  if (name === undefined) return [];
  const sender = item.dir === 'c2s' ? 's2c' : 'c2s';
  const fields = { ...parties(item, sender, truth), 'file.name': name, 'file.size': undefined };
  return [wanted(item, 'file.offer', { ...fields, packet: number(item, 'frame') })];
}

function file(item: Item, flow: string, truth: PublicTruth): Expected[] {
  const sender = item.dir === 'c2s' ? 'c2s' : 's2c';
  const fields: Fields = {
    ...parties(item, sender, truth),
    flow,
    'file.name': text(item, 'filename'),
    'file.size': number(item, 'size'),
    'file.method': 'nmdc',
  };
  return [
    wanted(item, 'file.accept', { ...fields, packet: number(item, 'frame') }),
    wanted(item, 'file.start', fields),
    wanted(item, 'file.complete', { ...fields, 'file.sha256': text(item, 'sha256') }),
  ];
}
