/** Test support: TOC conversations and what must be heard of them. */
import { client, type Row, server } from '../../test/support/parser-harness.ts';
import {
  GREETING,
  got,
  hears,
  LOGIN,
  LOGIN_2,
  ofBob,
  SIGN_ON,
  says,
  sent,
  sflap,
  signedIn,
  toBob,
  two,
} from './toc.fixture.ts';

const row = (name: string, turns: Row['turns'], ...want: Row['want'][number][]): Row => ({
  name,
  turns: [...LOGIN, ...turns],
  want: [signedIn, ...want],
});
const row2 = (name: string, turns: Row['turns'], ...want: Row['want'][number][]): Row => ({
  name,
  turns: [...LOGIN_2, ...turns],
  want: [two(signedIn), ...want.map(two)],
});
const inOps = { room: 'ops', route: 'room' };
const contact = (name: string, more: object = {}) => ({ contact: name, list: 'roster', ...more });

export const SESSIONS: readonly Row[] = [
  row('signed on, and again after a pause', [hears('NICK:Ann', 'PAUSE', 'SIGN_ON:TOC1.0')]),
  {
    name: 'refused',
    turns: [...GREETING, says(SIGN_ON), hears('ERROR:980')],
    want: [
      {
        kind: 'session.failed',
        account: 'ann',
        from: 'ann',
        origin: 'server',
        reason: 'wrong name or password',
      },
    ],
  },
  {
    name: 'a greeting with two line ends, signed off',
    turns: [
      client('FLAPON\n\n'),
      ...GREETING.slice(1),
      hears('SIGN_ON:TOC1.0'),
      client(sflap(4, '')),
    ],
    want: [signedIn, { kind: 'session.logout', ...sent }],
  },
  row(
    'errors: about a message, about a room, about nothing',
    [hears('ERROR:901:Bob', 'ERROR:962:bob', 'ERROR:950:ops', 'ERROR:911')],
    { kind: 'message.receipt', ...ofBob, state: 'failed', reason: 'error 901' },
    { kind: 'message.receipt', ...ofBob, state: 'missed', reason: 'error 962' },
    ...[{ reason: 'error 950', text: 'ops' }, { reason: 'error 911' }].map((more) => ({
      kind: 'message',
      ...got,
      to: ['ann'],
      form: 'notice',
      route: 'service',
      ...more,
    })),
  ),
];

export const MESSAGES: readonly Row[] = [
  row(
    'sent: quoted, escaped, bare, automatic',
    [
      says(
        'toc_send_im bob "<b>hi</b> \\"you\\" \\$5 \\\\o/"',
        'toc_send_im BOB hello',
        'toc_send_im "b o b" "I am away" auto',
      ),
    ],
    { kind: 'message', ...toBob, text: 'hi "you" $5 \\o/', markup: '<b>hi</b> "you" $5 \\o/' },
    { kind: 'message', ...toBob, text: 'hello' },
    { kind: 'message', ...toBob, text: 'I am away', form: 'auto-reply' },
  ),
  row(
    'received: colons in the text, HTML, automatic, not UTF-8',
    [hears('IM_IN:Bob:F:see: a:b', 'IM_IN:b o b:T:<HTML>caf\xe9 &amp; co</HTML>')],
    { kind: 'message', ...ofBob, text: 'see: a:b' },
    {
      kind: 'message',
      ...ofBob,
      text: 'café & co',
      markup: '<HTML>café &amp; co</HTML>',
      form: 'auto-reply',
    },
  ),
  row2(
    'TOC2: with encodings, typing',
    [
      says(
        'toc2_send_im bob "hi"',
        'toc2_send_im_enc bob F U en "\xc3\xbc" auto',
        'toc2_send_im_enc bob F L en "\xc3\xbc"',
        'toc2_client_event bob 2',
        'toc2_client_event bob 0',
      ),
      hears('IM_IN2:bob:F:F:a:b', 'IM_IN_ENC2:bob:F:F:T: O,:F:L:en:\xfc:x', 'CLIENT_EVENT2:bob:1'),
    ],
    { kind: 'message', ...toBob, text: 'hi' },
    { kind: 'message', ...toBob, text: 'ü', form: 'auto-reply' },
    { kind: 'message', ...toBob, text: 'Ã¼' },
    { kind: 'typing', ...toBob, state: 'composing' },
    { kind: 'typing', ...toBob, state: 'active' },
    { kind: 'message', ...ofBob, text: 'a:b' },
    { kind: 'message', ...ofBob, text: 'ü:x' },
    { kind: 'typing', ...ofBob, state: 'paused' },
  ),
  row(
    'warnings',
    [says('toc_evil bob anon'), hears('EVILED:20:bob', 'EVILED:30:')],
    { kind: 'presence', ...toBob, state: 'warned' },
    { kind: 'presence', ...ofBob, state: 'warned', status: '20 %' },
    { kind: 'presence', ...got, to: ['ann'], route: 'direct', state: 'warned', status: '30 %' },
  ),
];

export const ROOMS: readonly Row[] = [
  row(
    'joined, spoken in, whispered in, left',
    [
      says('toc_chat_join 4 ops'),
      hears('CHAT_JOIN:17:ops', 'CHAT_UPDATE_BUDDY:17:T:Ann:B o b'),
      says('toc_chat_send 17 "hi all"', 'toc_chat_whisper 17 bob "psst"'),
      hears(
        'CHAT_IN:17:ann:F:hi all',
        'CHAT_IN:17:bob:F:<b>yes</b>: ok',
        'CHAT_IN:17:bob:T:psst',
        'CHAT_UPDATE_BUDDY:17:F:bob',
      ),
      says('toc_chat_leave 17'),
      hears('CHAT_LEFT:17', 'CHAT_IN:17:bob:F:who?'),
    ],
    { kind: 'room.join', ...sent, ...inOps, state: 'requested' },
    { kind: 'room.join', ...got, ...inOps, from: 'ann' },
    { kind: 'room.join', ...got, ...inOps, from: 'ann' },
    { kind: 'room.join', ...got, ...inOps, from: 'bob' },
    { kind: 'message', ...sent, ...inOps, text: 'hi all' },
    { kind: 'message', ...toBob, room: 'ops', text: 'psst' },
    { kind: 'message', ...got, ...inOps, from: 'ann', text: 'hi all', copy: 'echo' },
    {
      kind: 'message',
      ...got,
      ...inOps,
      from: 'bob',
      text: 'yes: ok',
      markup: '<b>yes</b>: ok',
    },
    { kind: 'message', ...ofBob, room: 'ops', text: 'psst' },
    { kind: 'room.leave', ...got, ...inOps, from: 'bob' },
    { kind: 'room.leave', ...sent, ...inOps, state: 'requested' },
    { kind: 'room.leave', ...got, ...inOps, from: 'ann' },
    { kind: 'message', ...got, from: 'bob', room: '17', route: 'room', text: 'who?' },
  ),
  row(
    'encoded, and a room whose name has spaces',
    [
      hears('CHAT_JOIN:3:ops', 'CHAT_IN_ENC:3:bob:F:U:en:\xc3\xbc:x'),
      says(
        'toc_chat_join 4 "big room"',
        'toc_chat_send_enc 3 U "\xc3\xbc"',
        'toc_chat_whisper_enc 3 U bob "p"',
      ),
    ],
    { kind: 'room.join', ...got, ...inOps, from: 'ann' },
    { kind: 'message', ...got, ...inOps, from: 'bob', text: 'ü:x' },
    { kind: 'room.join', ...sent, room: 'big room', route: 'room', state: 'requested' },
    { kind: 'message', ...sent, ...inOps, text: 'ü' },
    { kind: 'message', ...toBob, room: 'ops', text: 'p' },
  ),
  row(
    'invitations',
    [
      hears('CHAT_INVITE:ops:9:bob:come: now'),
      says('toc_chat_accept 9', 'toc_chat_invite 9 "join <b>us</b>" bob carol'),
    ],
    { kind: 'room.invite', ...ofBob, room: 'ops', text: 'come: now' },
    { kind: 'room.join', ...sent, ...inOps, state: 'requested' },
    {
      kind: 'room.invite',
      ...sent,
      to: ['bob', 'carol'],
      room: 'ops',
      route: 'direct',
      text: 'join us',
      markup: 'join <b>us</b>',
    },
  ),
];

export const PEOPLE: readonly Row[] = [
  row(
    'the list of TOC, and changes to it',
    [
      hears('CONFIG:m 1\ng Friends\nb Bob\nb c a r\np dan\nd eve\n'),
      says(
        'toc_add_buddy bob dan',
        'toc_remove_buddy bob',
        'toc_add_permit dan',
        'toc_add_deny eve',
        'toc_add_deny',
        'toc_set_config {g Work\nb fay\n}',
      ),
    ],
    { kind: 'contact.list', ...got, ...contact('bob', { groups: ['Friends'] }) },
    { kind: 'contact.list', ...got, ...contact('car', { groups: ['Friends'] }) },
    { kind: 'contact.list', ...got, contact: 'dan', list: 'allow' },
    { kind: 'contact.list', ...got, contact: 'eve', list: 'block' },
    { kind: 'contact.add', ...sent, ...contact('bob') },
    { kind: 'contact.add', ...sent, ...contact('dan') },
    { kind: 'contact.remove', ...sent, ...contact('bob') },
    { kind: 'contact.add', ...sent, contact: 'dan', list: 'allow' },
    { kind: 'contact.block', ...sent, contact: 'eve', list: 'block' },
    { kind: 'contact.list', ...sent, ...contact('fay', { groups: ['Work'] }) },
  ),
  row2(
    'the list of TOC2, and changes to it, here and elsewhere',
    [
      hears('CONFIG2:\ng:Friends\nb:bob:Bobby\nd:eve\nm:4\ndone:\n'),
      says(
        'toc2_new_buddies {g:Work\nb:fay\nb:gil:Gilbert\n}',
        'toc2_remove_buddy fay gil Work',
        'toc2_add_permit dan',
        'toc2_remove_permit dan',
        'toc2_add_deny eve',
        'toc2_remove_deny eve',
      ),
      hears(
        'NEW_BUDDY_REPLY2:fay:added',
        'INSERTED2:b:Hal 9000:hal:Work',
        'INSERTED2:g:Work',
        'INSERTED2:d:ida',
        'DELETED2:b:hal:Work',
        'DELETED2:d:ida',
      ),
    ],
    { kind: 'contact.list', ...got, ...contact('bob', { groups: ['Friends'], name: 'Bobby' }) },
    { kind: 'contact.list', ...got, contact: 'eve', list: 'block' },
    { kind: 'contact.add', ...sent, ...contact('fay', { groups: ['Work'] }) },
    { kind: 'contact.add', ...sent, ...contact('gil', { groups: ['Work'], name: 'Gilbert' }) },
    { kind: 'contact.remove', ...sent, ...contact('fay', { groups: ['Work'] }) },
    { kind: 'contact.remove', ...sent, ...contact('gil', { groups: ['Work'] }) },
    { kind: 'contact.add', ...sent, contact: 'dan', list: 'allow' },
    { kind: 'contact.remove', ...sent, contact: 'dan', list: 'allow' },
    { kind: 'contact.block', ...sent, contact: 'eve', list: 'block' },
    { kind: 'contact.unblock', ...sent, contact: 'eve', list: 'block' },
    { kind: 'contact.add', ...got, ...contact('hal', { groups: ['Work'], name: 'Hal 9000' }) },
    { kind: 'contact.block', ...got, contact: 'ida', list: 'block' },
    { kind: 'contact.remove', ...got, ...contact('hal', { groups: ['Work'] }) },
    { kind: 'contact.unblock', ...got, contact: 'ida', list: 'block' },
  ),
  row(
    'presence of others and one’s own',
    [
      hears(
        'UPDATE_BUDDY:Bob:T:0:1059153322:0: O',
        'UPDATE_BUDDY:bob:T:0:1059153322:12: O',
        'UPDATE_BUDDY2:bob:T:0:1059153322:12: OU:F',
        'UPDATE_BUDDY:bob:F:0:0:0:   ',
      ),
      says(
        'toc_set_away "out for <i>lunch</i>"',
        'toc_set_away',
        'toc_set_idle 600',
        'toc_set_idle 0',
        'toc_set_info "I like tea"',
      ),
    ],
    ...['available', 'idle', 'away', 'offline'].map((state) => ({
      kind: 'presence',
      ...got,
      from: 'bob',
      state,
    })),
    {
      kind: 'presence',
      ...sent,
      state: 'away',
      status: 'out for lunch',
      markup: 'out for <i>lunch</i>',
    },
    ...['available', 'idle', 'available'].map((state) => ({ kind: 'presence', ...sent, state })),
    { kind: 'presence', ...sent, state: 'profile', status: 'I like tea' },
  ),
];

const SERVICE = '09461343-4C7F-11D1-8222-444553540000';
const COOKIE = 'Q09PS0lFMDE='; // COOKIE01
const TOKEN = '434f4f4b49453031';
/** 0001 0001 0000cc75 "plan.pdf" 00 */
const PLAN = 'AAEAAQAAzHVwbGFuLnBkZgA=';
/** 0002 0003 000002bc "all\*" 00 */
const ALL = 'AAIAAwAAArxhbGxcKgA=';
const plan = { name: 'plan.pdf', size: 52341, method: 'oft', token: TOKEN };

export const FILES: readonly Row[] = [
  row(
    'offered, accepted; offered, declined',
    [
      hears(
        `RVOUS_PROPOSE:bob:${SERVICE}:${COOKIE}:1:10.9.9.9:10.9.9.9:203.0.113.7:5190:10001:${PLAN}`,
      ),
      says(`toc_rvous_accept bob ${COOKIE} ${SERVICE}`),
      hears(
        `RVOUS_PROPOSE:bob:${SERVICE.toLowerCase()}:${COOKIE}:1:0.0.0.0:::0:12:c2VlIDxiPnRoaXM8L2I+:10001:${ALL}`,
      ),
      says(
        `toc_rvous_cancel bob ${COOKIE} ${SERVICE}`,
        `toc_rvous_cancel bob ${COOKIE} ${SERVICE}`,
      ),
    ],
    { kind: 'file.offer', ...ofBob, file: { ...plan, endpoint: '10.9.9.9:5190' } },
    { kind: 'file.accept', ...toBob, file: { ...plan, endpoint: '10.9.9.9:5190' } },
    {
      kind: 'file.offer',
      ...ofBob,
      state: '3 files',
      text: 'see this',
      markup: 'see <b>this</b>',
      file: { name: 'all\\*', size: 700, method: 'oft', token: TOKEN },
    },
    {
      kind: 'file.decline',
      ...toBob,
      file: { name: 'all\\*', size: 700, method: 'oft', token: TOKEN },
    },
    { kind: 'file.decline', ...toBob, file: { method: 'oft', token: TOKEN } },
  ),
  row(
    'files asked for, and what else is proposed',
    [
      hears(
        `RVOUS_PROPOSE:bob:09461348-4C7F-11D1-8222-444553540000:${COOKIE}:1:10.9.9.9::10.9.9.9:5190`,
        `RVOUS_PROPOSE:bob:09461341-4C7F-11D1-8222-444553540000:${COOKIE}:1:10.9.9.9::10.9.9.9:5190`,
      ),
    ],
    {
      kind: 'file.offer',
      ...ofBob,
      state: 'requested',
      file: { method: 'oft', token: TOKEN, endpoint: '10.9.9.9:5190' },
    },
    {
      kind: 'app.unknown',
      ...ofBob,
      reason: 'RVOUS_PROPOSE 09461341-4c7f-11d1-8222-444553540000',
    },
  ),
];

const unknown = (who: object, reason: string) => ({ kind: 'app.unknown', ...who, reason });

export const EVASIONS: readonly Row[] = [
  row(
    'the word split by markup, references and backslashes, in any case of the command',
    [
      says('TOC_SEND_IM bob "fal<font color=\\"#ff0000\\">c</font>o\\n"'),
      hears('im_in:bob:F:fal&#99;on'),
    ],
    {
      kind: 'message',
      ...toBob,
      text: 'falcon',
      markup: 'fal<font color="#ff0000">c</font>on',
    },
    { kind: 'message', ...ofBob, text: 'falcon', markup: 'fal&#99;on' },
  ),
  row(
    'a NUL before the rest of a command, a quote without its end',
    [says('toc_send_im bob "fal\0con"', 'toc_send_im bob "falcon')],
    { anomaly: 'toc-nul' },
    { kind: 'message', ...toBob, text: 'falcon', anomalies: ['toc-nul'] },
    { anomaly: 'toc-open-quote' },
    { kind: 'message', ...toBob, text: 'falcon', anomalies: ['toc-open-quote'] },
  ),
  row(
    'commands nobody knows, newer or older',
    [
      says('toc3_send_im bob "falcon"', `toc_${'x'.repeat(100)}`),
      hears('IM_IN3:bob:F:falcon', 'CHAT_MOVE:1'),
    ],
    unknown(sent, 'toc3_send_im'),
    unknown(sent, `toc_${'x'.repeat(28)}`),
    unknown(got, 'IM_IN3'),
    unknown(got, 'CHAT_MOVE'),
  ),
  row(
    'the word in every place that others are shown',
    [
      says(
        'toc_set_away falcon',
        'toc_set_info falcon',
        'toc_chat_join 4 falcon',
        'toc_chat_invite 1 falcon bob',
      ),
      hears('CHAT_INVITE:falcon:9:bob:falcon'),
    ],
    { kind: 'presence', ...sent, state: 'away', status: 'falcon' },
    { kind: 'presence', ...sent, state: 'profile', status: 'falcon' },
    { kind: 'room.join', ...sent, room: 'falcon', route: 'room', state: 'requested' },
    {
      kind: 'room.invite',
      ...sent,
      to: ['bob'],
      room: '1',
      route: 'direct',
      text: 'falcon',
    },
    { kind: 'room.invite', ...ofBob, room: 'falcon', text: 'falcon' },
  ),
  row(
    'a quote inside a quoted text, white space before a word',
    [
      says('toc_send_im bob "ok"falcon" auto', 'toc_send_im bob "ok""falcon"'),
      says('toc_send_im \tbob \t"falcon"'),
    ],
    { kind: 'message', ...toBob, text: 'ok"falcon', form: 'auto-reply' },
    { kind: 'message', ...toBob, text: 'ok""falcon' },
    { kind: 'message', ...toBob, text: 'falcon' },
  ),
  row(
    'signing on again as somebody else',
    [says(SIGN_ON.replace(' ann ', ' bob '), 'toc_send_im bob hi')],
    { kind: 'message', ...toBob, text: 'hi' },
  ),
  row(
    'commands without their fields',
    [
      says('toc_send_im bob', 'toc_chat_send 1', 'toc_rvous_accept bob', '', '   '),
      hears('IM_IN:bob', 'UPDATE_BUDDY:bob', 'CLIENT_EVENT2:bob', 'RVOUS_PROPOSE:bob', ''),
    ],
    ...[
      { anomaly: 'toc-malformed' },
      { anomaly: 'toc-malformed' },
      { anomaly: 'toc-malformed' },
      { kind: 'file.accept', ...toBob, file: { method: 'oft' }, anomalies: ['toc-malformed'] },
      { anomaly: 'toc-malformed' },
      { anomaly: 'toc-malformed' },
      { anomaly: 'toc-malformed' },
      { anomaly: 'toc-malformed' },
      { ...unknown(ofBob, 'RVOUS_PROPOSE '), anomalies: ['toc-malformed'] },
    ],
  ),
  row(
    'frames of other channels, and a lost framing that is found again',
    [
      client(sflap(5, ''), sflap(3, 'x'), 'junk*junk'),
      says('toc_send_im bob hi'),
      server(sflap(5, '')),
    ],
    { anomaly: 'toc-framing-lost' },
    { kind: 'message', ...toBob, text: 'hi' },
  ),
];
