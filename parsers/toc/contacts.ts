/**
 * Contact lists. TOC knows no requests: who is added is not asked.
 *
 *   CONFIG:… and toc_set_config {…}     lines `g group`, `b buddy`, `p permitted`, `d denied`, `m mode`
 *   CONFIG2:… and toc2_new_buddies {…}  lines `g:group`, `b:buddy[:alias]`, `p:…`, `d:…`, `m:…`, `done:`
 *   INSERTED2:b:alias:buddy:group, :g:…, :p:…, :d:… (also UPDATED2, DELETED2): changed elsewhere
 */
import type { ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import { TocAnomaly } from './anomalies.ts';
import type { Word } from './client-words.ts';
import { wordText } from './messages.ts';
import type { ServerCommand } from './server-command.ts';
import type { TocFlow } from './toc-flow.ts';
import { CONTACTS_LIMIT } from './toc-limits.ts';
import { canonicalName, some } from './toc-text.ts';

type List = Exclude<ImEvent['list'], undefined>;

/** By the letter of a line. */
const LISTS: Readonly<Record<string, List>> = { b: 'roster', p: 'allow', d: 'block', i: 'block' };

/** toc_add_buddy user…: until the end of the session. */
export function onNames(
  flow: TocFlow,
  words: readonly Word[],
  kind: EventKind,
  list: List,
  groups?: readonly string[],
): void {
  for (const word of words) sayContact(flow, kind, list, wordText(word), groups);
}

/** toc2_remove_buddy user… group. */
export function onRemove(flow: TocFlow, words: readonly Word[]): void {
  const group = words.length > 1 ? some(wordText(words.at(-1))) : undefined;
  const people = group === undefined ? words : words.slice(0, -1);
  onNames(flow, people, 'contact.remove', 'roster', group === undefined ? undefined : [group]);
}

/** The lines of a list. `separator`: between the letter and what it is of. */
export function onConfig(flow: TocFlow, lines: string, kind: EventKind): void {
  let groups: readonly string[] | undefined;
  let said = 0;
  for (const line of lines.split('\n')) {
    const letter = line.charAt(0).toLowerCase();
    const mark = line.charAt(1);
    if (mark !== ' ' && mark !== ':') continue;
    const [name = '', alias] = line.slice(2).replace(/\r$/, '').split(':');
    if (letter === 'g') groups = name === '' ? undefined : [name];
    const list = LISTS[letter];
    if (list === undefined) continue;
    if (said === CONTACTS_LIMIT) {
      flow.anomaly(TocAnomaly.TooMany);
      return;
    }
    said += 1;
    sayContact(flow, kind, list, name, list === 'roster' ? groups : undefined, alias);
  }
}

/** INSERTED2:b:alias:user:group, DELETED2:b:user:group; with p or d: user alone. */
export function onChanged(flow: TocFlow, command: ServerCommand, kind: EventKind): void {
  command.split(6);
  const list = LISTS[command.text(1).toLowerCase()];
  if (list === undefined) return;
  const aliased = list === 'roster' && kind === 'contact.add';
  const name = command.text(aliased ? 3 : 2);
  const group = list === 'roster' ? some(command.text(aliased ? 4 : 3)) : undefined;
  const alias = aliased ? command.text(2) : undefined;
  const blocks: EventKind = kind === 'contact.add' ? 'contact.block' : 'contact.unblock';
  const groups = group === undefined ? undefined : [group];
  sayContact(flow, list === 'block' ? blocks : kind, list, name, groups, alias);
}

function sayContact(
  flow: TocFlow,
  kind: EventKind,
  list: List,
  shown: string,
  groups?: readonly string[],
  alias?: string,
): void {
  const contact = canonicalName(shown);
  if (contact === undefined) return;
  const event = flow.newEvent(kind);
  event.from = flow.toServer ? flow.account : undefined;
  event.contact = contact;
  event.list = list;
  event.groups = groups;
  event.name = some(alias);
  flow.say(event);
}
