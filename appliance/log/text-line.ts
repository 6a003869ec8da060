/**
 * A log line for people: `2026-11-26T01:10:11.123Z WARN  interface is down  interface=veth0`.
 * Whatever came from the network in it cannot move the cursor or pretend to be another line.
 */
import { harmless } from '../../src/event/harmless.ts';
import type { Paint } from '../report/paint.ts';

/** Characters of one value; a log line is no place for a whole message. */
const LONGEST_VALUE = 1000;

/** The members that stand in front of the facts. */
const HEAD: ReadonlySet<string> = new Set(['level', 'time', 'msg']);

/** `json`: a line as pino makes it, an object with time, level, msg and facts. */
export function textLine(json: string, paint: Paint): string {
  const members = Object.entries(JSON.parse(json) as Record<string, unknown>);
  const member = (name: string) => String(members.find(([key]) => key === name)?.[1] ?? '');
  const facts = members
    .filter(([name]) => !HEAD.has(name))
    .map(([name, value]) => `${paint.dim(`${harmless(name)}=`)}${shown(value)}`);
  const level = member('level');
  const head = `${paint.dim(member('time'))} ${painted(level, paint)} ${harmless(member('msg'))}`;
  return facts.length === 0 ? head : `${head}  ${facts.join(' ')}`;
}

function painted(level: string, paint: Paint): string {
  const word = level.toUpperCase().padEnd(5);
  if (level === 'error') return paint.red(word);
  if (level === 'warn') return paint.yellow(word);
  return level === 'debug' ? paint.dim(word) : word;
}

/** Quoted where it would not be one word. */
function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  const cut = text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
  if (typeof value === 'string' && !/^[^\s"=]+$/u.test(cut)) return harmless(JSON.stringify(cut));
  return harmless(cut);
}
