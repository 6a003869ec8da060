/** Presence in the words of the events, from the class and status words of a user info block. */

/** Bits of TLV 0001. */
const CLASS_AWAY = 0x0020;
/** TLV 0006: the upper half are flags (web aware, birthday, …), the lower half is the status of ICQ. */
const Status = {
  Away: 0x0001,
  DoNotDisturb: 0x0002,
  NotAvailable: 0x0004,
  Occupied: 0x0010,
  FreeForChat: 0x0020,
  Invisible: 0x0100,
} as const;

/** ICQ sets several bits at once (occupied 0011, do not disturb 0013): the strongest one counts. */
export function stateOfStatus(word: number): string {
  if ((word & Status.Invisible) !== 0) return 'invisible';
  if ((word & Status.DoNotDisturb) !== 0) return 'dnd';
  if ((word & Status.Occupied) !== 0) return 'busy';
  if ((word & Status.NotAvailable) !== 0) return 'xa';
  if ((word & Status.FreeForChat) !== 0) return 'chat';
  return (word & Status.Away) !== 0 ? 'away' : 'available';
}

/** Of somebody else; `status` is -1 where the block has none. */
export function stateOf(userClass: number, status: number, idle: boolean): string {
  const state = status === -1 ? 'available' : stateOfStatus(status & 0xffff);
  if (state !== 'available') return state;
  if ((userClass & CLASS_AWAY) !== 0) return 'away';
  return idle ? 'idle' : 'available';
}
