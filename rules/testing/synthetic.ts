/**
 * Rule sets and events of any size, for benches and tests: the same seed gives the same. The mix
 * is a grown policy's: blocked contacts, words, file extensions, senders, expressions, networks.
 */
import { ImEvent } from '../../src/event/event.ts';

/** A rule file of `count` rules in the language. */
export function syntheticRules(count: number, seed = 1): string {
  const random = randomFrom(seed);
  const rules = Array.from({ length: count }, (_, i) => syntheticRule(i, random));
  const lists = rules.map((rule, i) =>
    rule.includes(`words: words${i} `)
      ? `  words${i}: { words: [${wordOf(i)}, ${wordOf(i)} plan] }\n`
      : '',
  );
  const declared = lists.join('');
  return `sallyport: 1\n${declared && `lists:\n${declared}`}rules:\n${rules.join('')}`;
}

/** Events as a busy office makes them; few of them match a rule. */
export function syntheticEvents(count: number, seed = 2): ImEvent[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, (_, i) => syntheticEvent(i, random));
}

type Random = (below: number) => number;

/** xorshift32: good enough to choose, and the same everywhere. */
function randomFrom(seed: number): Random {
  let state = seed | 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const SYLLABLES = 'ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu'.split(' ');

/** A word that is no word of any language, by number. */
function wordOf(n: number): string {
  let word = '';
  for (let rest = n + 400; rest > 0; rest = Math.floor(rest / SYLLABLES.length)) {
    word += SYLLABLES[rest % SYLLABLES.length] ?? '';
  }
  return word;
}

function syntheticRule(i: number, random: Random): string {
  const head = `  - id: r${i}\n`;
  const word = wordOf(i);
  switch (i % 8) {
    case 0:
    case 1:
      return `${head}    on: message\n    if: { peer: 'xmpp:${word}@blocked.example' }\n    then: drop\n`;
    case 2:
      return `${head}    on: message\n    if: { text: { words: words${i} } }\n    then: drop\n`;
    case 3:
      return `${head}    on: message\n    if: { text: { contains: '${word}' } }\n    then: redact\n`;
    case 4:
      return `${head}    on: file.*\n    if: { file.extension: ${word} }\n    then: drop\n`;
    case 5:
      return `${head}    on: [message, presence]\n    if: { from: { glob: '*@${word}.example' } }\n    also: { tag: t${random(50)} }\n`;
    case 6:
      return `${head}    on: message\n    if: { text: { regex: '${word}[0-9]+' } }\n    then: drop\n`;
    default:
      return `${head}    on: message\n    if: { flow.server: '10.${(i >> 8) & 255}.${i & 255}.0/24', origin: client }\n    also: log\n`;
  }
}

const CHAT = [
  'good morning, are you coming to the meeting',
  'ok see you at ten then',
  'did you get the mail about the release? I think we should wait until monday',
  'lunch?',
  'the build is green again, thanks for looking into it so quickly',
  'https://wiki.example/pages/42 has the minutes',
];

function syntheticEvent(i: number, random: Random): ImEvent {
  const event = new ImEvent(random(20) === 0 ? 'file.offer' : 'message');
  event.time = Date.UTC(2026, 0, 7, 9) * 1000 + i * 50_000;
  event.service = 'xmpp';
  event.protocol = 'xmpp';
  event.account = `user${random(200)}@corp.example`;
  event.route = 'direct';
  const other = `${wordOf(random(4000))}@partner${random(30)}.example`;
  event.origin = random(2) === 0 ? 'client' : 'server';
  event.from = event.origin === 'client' ? event.account : other;
  event.to = [event.origin === 'client' ? other : event.account];
  event.flow = {
    id: `f${i % 500}`,
    transport: 'tcp',
    client: `192.0.2.${i % 200}:40000`,
    server: `198.51.100.${i % 50}:5222`,
  };
  if (event.kind === 'message') event.text = `${CHAT[random(CHAT.length)]} ${random(1e6)}`;
  else event.file = { name: `report-${i}.pdf`, size: 10_000 + random(1e6) };
  return event;
}
