/**
 * Contact lists up to MSNP12, a line an entry: LST, LSG, ADG, REG, RMG, ADD, ADC, REM (dossier msnp.md §5).
 * FL: whom I see. AL and BL: who may see me, and who may not. RL: who sees me. PL: who asks to.
 */
import { sayChange, sayEntry } from './contact-events.ts';
import { canonical, isAddress } from './escapes.ts';
import { type MsnpFlow, Role, some } from './msnp-flow.ts';
import { Form } from './neutral.ts';

/** `LSG id name 0` up to MSNP9, `LSG name id` since. */
export function onLsg(flow: MsnpFlow): void {
  const { command } = flow;
  flow.become(Role.Notification);
  // MSNP2 to 7: `LSG t version index total id name 0`.
  const long = command.count > 4;
  const [first, second] = long
    ? [command.param(4), command.param(5)]
    : [command.param(0), command.param(1)];
  nameGroup(flow, /^\d+$/.test(first) ? [first, second] : [second, first]);
}

/** `ADG t version name id 0` (MSNP9), `ADG t name id 0` (MSNP10), from the server. */
export function onAdg(flow: MsnpFlow): void {
  const { command } = flow;
  flow.become(Role.Notification);
  if (flow.toServer) return;
  const versioned = /^\d+$/.test(command.param(1)) && command.count > 3;
  const name = versioned ? 2 : 1;
  nameGroup(flow, [command.param(name + 1), command.param(name)]);
}

/** `REG t version id name 0`, `REG t id name 0`, from the server. */
export function onReg(flow: MsnpFlow): void {
  const { command } = flow;
  flow.become(Role.Notification);
  if (flow.toServer) return;
  const id = command.count > 4 ? 2 : 1;
  nameGroup(flow, [command.param(id), command.param(id + 1)]);
}

export function onRmg(flow: MsnpFlow): void {
  const { command } = flow;
  flow.become(Role.Notification);
  if (!flow.toServer) flow.people.forgetGroup(command.param(command.count > 2 ? 2 : 1));
}

function nameGroup(flow: MsnpFlow, [id, name]: readonly [string, string]): void {
  if (id !== '' && name !== '' && !flow.people.nameGroup(id, name)) flow.tableFull();
}

/** One entry of the list that is sent at sign-in. */
export function onLst(flow: MsnpFlow): void {
  const { command, people } = flow;
  flow.become(Role.Notification);
  if (flow.toServer) return;
  flow.form = Form.Pong;
  const list = LISTS[command.param(1)];
  if (command.decimal(0) >= 0 && list !== undefined) {
    // MSNP2 to 7: `LST t FL version index total address name [groups]`, a line for each list.
    const [address, name] = [command.address(5), command.param(6)];
    if (address !== '') sayEntry(flow, list, address, name, people.groups(command.param(7)));
    return;
  }
  const named = namedParams(flow, 0);
  if (named.address === undefined) {
    // MSNP8 and 9: `LST address name lists [groups]`.
    const [address, name] = [command.address(0), command.param(1)];
    sayEntry(flow, command.decimal(2), address, name, people.groups(command.param(3)));
    return;
  }
  // MSNP10 to 12: `LST N=address F=name C=id lists [network] [groups]`.
  const bits = command.decimal(named.next);
  const second = command.param(named.next + 1);
  const groups = /^\d$/.test(second) ? command.param(named.next + 2) : second;
  sayEntry(flow, bits, named.address, named.name ?? '', people.groups(groups));
}

/**
 * `ADD t FL address name [group]`, answered and announced with a version before the address; `ADC t FL
 * N=address F=name` or, into a group, `ADC t FL C=id group`. Transaction 0: somebody else did it.
 */
export function onAdd(flow: MsnpFlow): void {
  const { command, people } = flow;
  flow.become(Role.Notification);
  const list = LISTS[command.param(1)];
  if (list === undefined || isAnswer(flow)) {
    if (!flow.toServer) namedParams(flow, 2);
    return;
  }
  flow.form = flow.toServer ? Form.Ping : Form.Pong;
  const named = namedParams(flow, 2);
  if (named.address !== undefined || named.guid !== undefined) {
    const address = named.address ?? canonical(people.addressOf(named.guid ?? ''));
    const groups = people.groups(command.param(named.next));
    sayChange(flow, true, list, { address, name: named.name, groups });
    return;
  }
  // With a version before it, from the server.
  const at = command.decimal(2) >= 0 && !flow.toServer ? 3 : 2;
  const groups = people.groups(command.param(at + 2));
  const name = some(command.param(at + 1));
  sayChange(flow, true, list, { address: command.address(at), name, groups });
}

/** `REM t FL address [group]`; since MSNP10 from FL by the contact's identifier. */
export function onRem(flow: MsnpFlow): void {
  const { command, people } = flow;
  flow.become(Role.Notification);
  const list = LISTS[command.param(1)];
  if (list === undefined || isAnswer(flow)) return;
  flow.form = flow.toServer ? Form.Ping : Form.Pong;
  const versioned = !flow.toServer && command.decimal(2) >= 0 && command.count > 3;
  const at = versioned ? 3 : 2;
  const address = canonical(people.addressOf(command.param(at)));
  const groups = people.groups(command.param(at + 1));
  sayChange(flow, false, list, { address, name: undefined, groups });
}

/** Bits of the lists, as LST has them. */
const LISTS: Readonly<Record<string, number>> = { FL: 1, AL: 2, BL: 4, RL: 8, PL: 16 };

/** The server confirms what the client asked for. */
function isAnswer(flow: MsnpFlow): boolean {
  return !flow.toServer && flow.command.transaction !== undefined;
}

interface Named {
  readonly address: string | undefined;
  readonly name: string | undefined;
  readonly guid: string | undefined;
  /** The first parameter behind them. */
  readonly next: number;
}

/** `N=address F=name C=id`, from parameter `at` on. */
function namedParams(flow: MsnpFlow, at: number): Named {
  const { command, people } = flow;
  let next = at;
  let address: string | undefined;
  let name: string | undefined;
  let guid: string | undefined;
  for (; next < command.count; next++) {
    const param = command.param(next);
    const value = some(param.slice(2));
    if (param.startsWith('N=')) address = value === undefined ? undefined : canonical(value);
    else if (param.startsWith('F=')) name = value;
    else if (param.startsWith('C=')) guid = value;
    else break;
  }
  if (guid !== undefined && address !== undefined && isAddress(address)) {
    if (!people.identify(guid, address)) flow.tableFull();
  }
  return { address, name, guid, next };
}
