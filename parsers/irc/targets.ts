/** Whom one line is for: its target list as rooms, one each, and nicks, all together. */
import { Anomaly } from './anomalies.ts';
import type { IrcFlow } from './irc-flow.ts';
import { TARGETS_LIMIT } from './irc-limits.ts';
import { isService } from './secrets.ts';

/** One event's recipients: a room, or nicks. */
export interface Recipients {
  readonly room: string | undefined;
  readonly to: string[];
}

/** In the order of the list; nicks stand where the first of them does. */
export function recipientsOf(flow: IrcFlow, list: string): Recipients[] {
  if (!list.includes(',')) return list === '' ? [] : [oneOf(flow, list)];
  const names = namesOf(flow, list);
  const found: Recipients[] = [];
  let nicks: Recipients | undefined;
  for (const name of names) {
    const room = flow.support.roomOf(name);
    if (room !== '') toRoom(found, flow.room(room));
    else if (nicks !== undefined) nicks.to.push(name);
    else {
      nicks = { room: undefined, to: [name] };
      found.push(nicks);
    }
  }
  return found;
}

/** A room named twice hears it once: some servers see to that, and no rule needs it twice. */
function toRoom(found: Recipients[], room: string): void {
  for (const known of found) if (known.room === room) return;
  found.push({ room, to: [] });
}

function oneOf(flow: IrcFlow, name: string): Recipients {
  const room = flow.support.roomOf(name);
  return room === '' ? { room: undefined, to: [name] } : { room: flow.room(room), to: [] };
}

/** The names of a comma list, bounded. */
export function namesOf(flow: IrcFlow, list: string): string[] {
  const names = list.split(',', TARGETS_LIMIT + 1).filter((name) => name !== '');
  if (names.length <= TARGETS_LIMIT) return names;
  flow.anomaly(Anomaly.TooManyTargets);
  return names.slice(0, TARGETS_LIMIT);
}

export function routeOf(flow: IrcFlow, { room, to }: Recipients): 'direct' | 'room' | 'service' {
  if (room !== undefined) return 'room';
  const fromNetwork = !flow.toServer && fromTheNetwork(flow);
  return fromNetwork || to.every((name) => isNetwork(flow, name)) ? 'service' : 'direct';
}

/** The source is a server, a service, or not named at all before anybody could have spoken. */
function fromTheNetwork(flow: IrcFlow): boolean {
  const { line } = flow;
  const name = line.nick();
  if (name === '') return !flow.registered;
  return isService(flow.support.fold(name)) || (!line.fromUser && name.includes('.'));
}

/** `$mask` is everybody on servers, `*` and AUTH whoever is not registered yet. */
function isNetwork(flow: IrcFlow, name: string): boolean {
  return (
    name.startsWith('$') || name === '*' || name === 'AUTH' || isService(flow.support.fold(name))
  );
}
