/** Coming and going in a conversation: CAL, RNG, JOI, IRO, BYE (dossier msnp.md §4). */

import { rememberTicket } from './entry.ts';
import { kept, type MsnpFlow, Role, some } from './msnp-flow.ts';
import { Form } from './neutral.ts';

/** `CAL t address`; the answer is `CAL t RINGING session`. */
export function onCal(flow: MsnpFlow): void {
  const { command, participants } = flow;
  flow.become(Role.Switchboard);
  if (!flow.toServer) {
    const session = command.param(2);
    if (session !== '') flow.session ??= kept(session);
    return;
  }
  const called = command.address(1);
  // Others are there: what is made of it is a room.
  const widens = participants.isRoom || (participants.size > 0 && !participants.has(called));
  if (called !== '' && !flow.isOwn(called) && !participants.call(called)) flow.tableFull();
  const event = flow.bare('room.invite');
  event.from = flow.account;
  event.to = called === '' ? undefined : [called];
  event.route = widens ? 'room' : 'direct';
  event.room = widens ? flow.room() : undefined;
  flow.form = Form.Whisper;
  flow.say(event);
}

/** `RNG session host:port CKI ticket address name …`: somebody opens a conversation, or asks into one. */
export function onRng(flow: MsnpFlow): void {
  const { command } = flow;
  flow.become(Role.Notification);
  rememberTicket(flow, command.param(3));
  const event = flow.bare('room.invite');
  event.from = some(command.address(4));
  event.to = flow.account === undefined ? undefined : [flow.account];
  event.name = some(command.param(5));
  event.route = 'direct';
  flow.form = Form.Pong;
  flow.say(event);
}

/** `JOI address name [caps]`. */
export function onJoi(flow: MsnpFlow): void {
  flow.become(Role.Switchboard);
  joined(flow, flow.command.address(0), flow.command.param(1));
}

/** `IRO t i n address name [caps]`: who was there before. */
export function onIro(flow: MsnpFlow): void {
  flow.become(Role.Switchboard);
  joined(flow, flow.command.address(3), flow.command.param(4));
}

function joined(flow: MsnpFlow, address: string, name: string): void {
  const { participants } = flow;
  // MSNP16 and later list the account's own endpoints, too.
  if (address === '' || flow.isOwn(address) || participants.has(address)) return;
  const wasRoom = participants.isRoom;
  if (!participants.join(address)) {
    flow.tableFull();
    return;
  }
  if (!participants.isRoom) return;
  flow.form = Form.Acknowledgement;
  // With the third person it becomes a room, and who is there already is in it.
  for (const other of wasRoom ? [address] : participants.others) {
    const event = flow.newEvent('room.join');
    event.from = other;
    event.name = other === address ? some(name) : undefined;
    flow.say(event);
  }
}

/** `BYE address [1]`: 1 where the server noticed it by itself. */
export function onBye(flow: MsnpFlow): void {
  const { command, participants } = flow;
  flow.become(Role.Switchboard);
  const address = command.address(0);
  if (address === '' || flow.isOwn(address)) return;
  const wasThere = participants.has(address);
  participants.leave(address);
  if (!participants.isRoom || !wasThere) return;
  const event = flow.newEvent('room.leave');
  event.from = address;
  event.reason = command.isParam(1, '1') ? 'timeout' : undefined;
  flow.form = Form.Acknowledgement;
  flow.say(event);
}
