/** Options that select records, the same for search, export, hold, purge and reports. */
import { type Command, InvalidArgumentError } from 'commander';
import { ACTIONS } from '../../../src/event/event.ts';
import { EVENT_KINDS } from '../../../src/event/kinds.ts';
import type { RecordQuery } from '../../archive/contract.ts';
import { readTextQuery } from '../../archive/search/text-query.ts';
import { UserError } from '../user-error.ts';
import { fromTime, toTime } from './time-option.ts';

/** As commander hands them over: each option has read its own words. */
export type QueryOptions = RecordQuery;

/** Values of one option, all together. */
const MOST_VALUES = 100;
const LONGEST = 1000;

/** Adds them; `text`: also --text, where the command has no argument for it. */
export function withRecordQuery(command: Command, { text = false } = {}): Command {
  if (text) command.option('--text <WORDS>', 'words, "a phrase", begin*, -without');
  return command
    .option('--person <NAME>', 'person, service:address or address; may be repeated', several)
    .option('--service <NAME>', 'xmpp, irc, msn, …; may be repeated', several)
    .option(
      '--from <TIME>',
      '2026-11-25, 2026-11-25T10:00 (UTC), RFC 3339, or how long ago: 7d',
      fromTime,
    )
    .option('--to <TIME>', 'up to this time; of a day, to its end', toTime)
    .option('--tag <TAG>', 'tag that a rule gave; may be repeated', several)
    .option('--verdict <ACTION>', `${ACTIONS.join(', ')}, or refused: all but pass`, verdicts)
    .option('--rule <NAME>', 'rule that decided; may be repeated', several)
    .option('--conversation <NUMBER>', 'number of a conversation; may be repeated', numbers)
    .option('--room <NAME>', 'room or channel; may be repeated', several)
    .option('--kind <KIND>', 'message, file (all of file.*), …; may be repeated', kinds);
}

/** What was asked for; members that were not are absent. Throws UserError. */
export function readRecordQuery(options: QueryOptions, text = options.text): RecordQuery {
  const { person, service, from, to, tag, verdict, rule, conversation, room, kind } = options;
  if (text !== undefined) readTextQuery(text);
  if (from !== undefined && to !== undefined && from >= to) {
    throw new UserError('--from is not before --to: there is no time between them');
  }
  return {
    ...(text !== undefined && { text }),
    ...(person !== undefined && { person }),
    ...(service !== undefined && { service }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(tag !== undefined && { tag }),
    ...(verdict !== undefined && { verdict }),
    ...(rule !== undefined && { rule }),
    ...(conversation !== undefined && { conversation }),
    ...(room !== undefined && { room }),
    ...(kind !== undefined && { kind }),
  };
}

function several(text: string, before: readonly string[] = []): readonly string[] {
  if (text.trim() === '') throw new InvalidArgumentError('Expected a name.');
  if (text.length > LONGEST) {
    throw new InvalidArgumentError(`Expected at most ${LONGEST} characters.`);
  }
  if (before.length >= MOST_VALUES) {
    throw new InvalidArgumentError(`Expected it at most ${MOST_VALUES} times.`);
  }
  return [...before, text];
}

function verdicts(text: string, before: readonly string[] = []): readonly string[] {
  const known: readonly string[] = [...ACTIONS, 'refused'];
  if (!known.includes(text)) throw new InvalidArgumentError(`Expected one of ${known.join(', ')}.`);
  return several(text, before);
}

function kinds(text: string, before: readonly string[] = []): readonly string[] {
  if (!EVENT_KINDS.some((kind) => kind === text || kind.startsWith(`${text}.`))) {
    throw new InvalidArgumentError('Expected a kind of event: docs/events.md lists them.');
  }
  return several(text, before);
}

function numbers(text: string, before: readonly number[] = []): readonly number[] {
  if (!/^[1-9]\d{0,14}$/.test(text)) {
    throw new InvalidArgumentError('Expected the number of a conversation.');
  }
  if (before.length >= MOST_VALUES) {
    throw new InvalidArgumentError(`Expected it at most ${MOST_VALUES} times.`);
  }
  return [...before, Number(text)];
}
