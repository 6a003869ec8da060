/**
 * Who comes into a switchboard: `USR t address[;{guid}] ticket`, `ANS t address[;{guid}] ticket session`.
 *
 * The server says yes by the number of the transaction. Until then the last one counts (a one-sided capture has
 * no answer); after it none: who is let in as one cannot become another.
 */
import type { Attempt } from './admission.ts';
import { canonical, isAddress } from './escapes.ts';
import { kept, type MsnpFlow, Role } from './msnp-flow.ts';

/** Key of what a switchboard's ticket tells: the version that was agreed upon with the notification server. */
const TICKET = 'msnp-ticket:';
const TICKET_LIMIT = 128; // characters

/** From the client. */
export function onEntering(flow: MsnpFlow): void {
  const { command, entry } = flow;
  flow.become(Role.Switchboard);
  if (flow.role !== Role.Switchboard || entry.admitted) return;
  const address = canonical(command.param(1));
  if (!isAddress(address)) return;
  const session = command.count > 3 ? kept(command.param(3)) : undefined;
  const attempt = { transaction: command.decimal(0), address: kept(address), session };
  entry.try(attempt);
  take(flow, attempt);
  const version = flow.context.memory.get(ticketKey(command.param(2)));
  if (typeof version === 'string') flow.version = version;
}

/** `USR t OK address name`, `ANS t OK` from a switchboard. */
export function onAdmitted(flow: MsnpFlow): void {
  const { command, entry } = flow;
  if (entry.admitted) return;
  const attempt = entry.admit(command.decimal(0));
  if (attempt !== undefined) take(flow, attempt);
  const address = command.address(2);
  if (isAddress(address)) flow.account = kept(address);
}

function take(flow: MsnpFlow, { address, session }: Attempt): void {
  flow.account = address;
  if (session !== undefined) flow.session = session;
}

/** The notification server gave out a ticket for a switchboard. */
export function rememberTicket(flow: MsnpFlow, ticket: string): void {
  if (flow.version === undefined || ticket === '') return;
  flow.context.memory.set(ticketKey(ticket), flow.version);
}

function ticketKey(ticket: string): string {
  return TICKET + ticket.slice(0, TICKET_LIMIT);
}
