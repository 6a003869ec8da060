/** Test support: DCC conversations and what must be heard of them. */

import type { Heard } from './irc.fixture.ts';
import { LOGIN, ME, type Row, SIGNED_IN } from './rows.fixture.ts';

const client = { origin: 'client', account: ME, from: ME, route: 'direct' };
const server = { origin: 'server', account: ME, route: 'direct' };
const row = (name: string, turns: readonly string[], ...want: readonly Heard[]): Row => {
  return { name, turns: [...LOGIN, ...turns], want: [SIGNED_IN, ...want] };
};
const offer = (file: Heard, more: Heard): Heard => ({
  kind: 'file.offer',
  ...more,
  file: { method: 'dcc', ...file },
});
const accept = (file: Heard, more: Heard): Heard => ({
  kind: 'file.accept',
  ...more,
  file: { method: 'dcc', ...file },
});
const DCC_LINE = (text: string) => `C: PRIVMSG bob :\x01${text}\x01`;
const mine = { ...client, to: ['bob'] };

export const DCC: readonly Row[] = [
  row(
    'an offer received, its name quoted',
    ['S: :carol!c@h PRIVMSG ann :\x01DCC SEND "plan b.pdf" 3232235786 50123 52341\x01'],
    offer(
      { name: 'plan b.pdf', size: 52341, token: '50123', endpoint: '192.168.1.10:50123' },
      { ...server, from: 'carol', to: [ME] },
    ),
  ),
  row(
    'passive: offer and answer are tied by the token',
    [
      DCC_LINE('DCC SEND a.zip 199 0 1000 37'),
      'S: :bob!b@h PRIVMSG ann :\x01DCC SEND a.zip 3232235786 40000 1000 37\x01',
    ],
    offer({ name: 'a.zip', size: 1000, token: '37' }, mine),
    accept(
      { name: 'a.zip', size: 1000, token: '37', endpoint: '192.168.1.10:40000' },
      { ...server, from: 'bob', to: [ME] },
    ),
  ),
  row(
    'names with spaces, unquoted, active and passive; numbers in names',
    [
      DCC_LINE('DCC SEND plain name.doc 171776777 0 2048 77'),
      DCC_LINE('DCC SEND my 1999 tax.xls 171776777 5000 2048'),
      DCC_LINE('DCC SEND track 7 171776777 5000'),
    ],
    offer({ name: 'plain name.doc', size: 2048, token: '77' }, mine),
    offer(
      { name: 'my 1999 tax.xls', size: 2048, token: '5000', endpoint: '10.61.27.9:5000' },
      mine,
    ),
    offer({ name: 'track 7', token: '5000', endpoint: '10.61.27.9:5000' }, mine),
  ),
  row(
    'addresses: dotted, IPv6, lower case words, tabs, no closing delimiter, paths kept',
    [
      DCC_LINE('dcc\tsend  "..\\..\\boot.ini"  10.0.0.1  4444  99'),
      'C: PRIVMSG bob :\x01DCC TSEND six.bin FD61:7::c 5055 10',
    ],
    offer({ name: '..\\..\\boot.ini', size: 99, token: '4444', endpoint: '10.0.0.1:4444' }, mine),
    offer({ name: 'six.bin', size: 10, token: '5055', endpoint: '[fd61:7::c]:5055' }, mine),
  ),
  row(
    'odd numbers are named and the offer is still an offer',
    [
      DCC_LINE('DCC SEND f 4294967296 5000 10'),
      DCC_LINE('DCC SEND f 16843009 70000 10'),
      DCC_LINE('DCC SEND f 16843009 0 10'),
      DCC_LINE('DCC SEND f 16843009 5000 18446744073709551616'),
    ],
    { anomaly: 'dcc-bad-address' },
    offer({ name: 'f', size: 10, token: '5000' }, { ...mine, anomalies: ['dcc-bad-address'] }),
    { anomaly: 'dcc-bad-port' },
    offer({ name: 'f', size: 10 }, { ...mine, anomalies: ['dcc-bad-port'] }),
    { anomaly: 'dcc-bad-port' },
    offer({ name: 'f', size: 10 }, { ...mine, anomalies: ['dcc-bad-port'] }),
    { anomaly: 'dcc-bad-size' },
    offer(
      { name: 'f', token: '5000', endpoint: '1.1.1.1:5000' },
      { ...mine, anomalies: ['dcc-bad-size'] },
    ),
  ),
  row(
    'resumed: asked for and granted under another name',
    [
      DCC_LINE('DCC SEND anchor.zip 171771659 35177 90004'),
      'S: :bob!b@h PRIVMSG ann :\x01DCC RESUME anchor.zip 35177 32768\x01',
      DCC_LINE('DCC ACCEPT file.ext 35177 32768'),
    ],
    offer({ name: 'anchor.zip', size: 90004, token: '35177', endpoint: '10.61.7.11:35177' }, mine),
    accept(
      { name: 'anchor.zip', size: 90004, token: '35177', offset: 32768 },
      { ...server, from: 'bob', to: [ME], state: 'resume-requested' },
    ),
    accept(
      { name: 'anchor.zip', size: 90004, token: '35177', offset: 32768 },
      { ...mine, state: 'resumed' },
    ),
  ),
  row(
    'declined by NOTICE',
    [
      DCC_LINE('DCC SEND nope.exe 171771659 43587 502'),
      'S: :bob!b@h NOTICE ann :\x01DCC REJECT SEND nope.exe\x01',
    ],
    offer({ name: 'nope.exe', size: 502, token: '43587', endpoint: '10.61.7.11:43587' }, mine),
    {
      kind: 'file.decline',
      ...server,
      from: 'bob',
      to: [ME],
      file: { name: 'nope.exe', size: 502, method: 'dcc', token: '43587' },
    },
  ),
  row(
    'hidden in text, behind another, behind formatting',
    [
      'C: PRIVMSG bob :look \x01DCC SEND f 16843009 1 2\x01\x01DCC SEND g 16843009 3 4\x01',
      DCC_LINE('D\x02CC SEND h 16843009 5 6'),
    ],
    { anomaly: 'dcc-hidden' },
    offer(
      { name: 'f', size: 2, token: '1', endpoint: '1.1.1.1:1' },
      { ...mine, anomalies: ['dcc-hidden'] },
    ),
    offer(
      { name: 'g', size: 4, token: '3', endpoint: '1.1.1.1:3' },
      { ...mine, anomalies: ['dcc-hidden'] },
    ),
    { kind: 'message', ...mine, text: 'look ', anomalies: ['dcc-hidden'] },
    { anomaly: 'dcc-hidden' },
    offer(
      { name: 'h', size: 6, token: '5', endpoint: '1.1.1.1:5' },
      { ...mine, anomalies: ['dcc-hidden'] },
    ),
  ),
  row(
    'no CTCP, no offer; CTCP without fields is said as it is; chat is a message of form ctcp',
    [
      'C: PRIVMSG bob :DCC SEND f 1 2 3',
      DCC_LINE('DCC SEND'),
      DCC_LINE('DCC CHAT chat 171771659 37095'),
    ],
    { kind: 'message', ...mine, text: 'DCC SEND f 1 2 3' },
    { anomaly: 'dcc-malformed' },
    { kind: 'message', ...mine, text: 'DCC SEND', form: 'ctcp', anomalies: ['dcc-malformed'] },
    { kind: 'message', ...mine, text: 'DCC CHAT chat 171771659 37095', form: 'ctcp' },
  ),
];
