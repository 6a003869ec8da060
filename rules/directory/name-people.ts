/**
 * Puts the people behind the accounts into events: `person` behind our own account, `peers` behind the
 * other parties. One person stays one person whatever service they use.
 */
import type { ImEvent } from '../../src/event/event.ts';
import { FIELDS } from '../fields.ts';
import { accountOf, peersOf } from '../match/parties.ts';
import type { Directory } from './directory.ts';

export function namePeople(directory: Directory, event: ImEvent): void {
  const account = accountOf(event);
  if (account !== undefined) event.person = directory.person(event.service, account)?.name;
  if (!FIELDS.peer.kinds.has(event.kind)) return;
  const peers = peersOf(event);
  if (typeof peers === 'string') {
    const known = directory.person(event.service, peers);
    if (known !== undefined) event.peers = [known.name];
  } else if (peers !== undefined) {
    const names = new Set<string>();
    for (const peer of peers) {
      const known = directory.person(event.service, peer);
      if (known !== undefined) names.add(known.name);
    }
    if (names.size > 0) event.peers = [...names];
  }
}
