/** Connections of nobody's: what they say first goes on at once, as it is, and they are soon let go. */
import { describe, expect, test } from 'vitest';
import { NO_SERVICES, type ServiceCatalogue } from '../inspect/service-catalogue.ts';
import { Fate, Side } from '../verdict/wire/packet-judge.ts';
import { Bench, Connection, latin } from './bridge.fixture.ts';

const SERVICES: ServiceCatalogue = { ...NO_SERVICES };
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const text = (said: string) => Buffer.from(said, 'latin1');
/** Packets with octets until a TCP connection said in whole segments is let go. */
const SOON = 3;
/** The same of datagrams: limits.identificationDatagrams, and the one under the hand. */
const DATAGRAMS = 5;

type Said = readonly [by: 0 | 1, what: Uint8Array];

const STREAMS: readonly [name: string, port: number, ...said: Said[]][] = [
  ['SSH', 22, [1, text('SSH-2.0-OpenSSH_9.6\r\n')], [0, text('SSH-2.0-PuTTY_0.80\r\n')]],
  ['HTTP', 80, [0, text('GET / HTTP/1.1\r\nHost: www.office.example\r\n\r\n')]],
  ['HTTP/2 in clear', 80, [0, text('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')]],
  ['SMTP', 25, [1, text('220 mail.example ESMTP\r\n')], [0, text('EHLO pc.example\r\n')]],
  ['IMAP', 143, [1, text('* OK [CAPABILITY IMAP4rev1] ready\r\n')], [0, text('a1 LOGIN a b\r\n')]],
  ['POP3', 110, [1, text('+OK ready\r\n')], [0, text('CAPA\r\n')]],
  ['FTP', 21, [1, text('220 ftp.example ready\r\n')], [0, text('AUTH TLS\r\n')]],
  ['MySQL', 3306, [1, hex('4a0000000a382e302e3336000b00000042')]],
  ['PostgreSQL', 5432, [0, hex('0000000804d2162f')], [1, text('N')]],
  ['RDP', 3389, [0, hex('030000130ee000000000000100080003000000')]],
  ['SMB', 445, [0, hex('00000054fe534d4240000000000000000000')]],
  ['telnet', 23, [1, hex('fffd18fffd20fffd23fffd27')]],
  ['Redis', 6379, [0, text('*1\r\n$4\r\nPING\r\n')], [1, text('+PONG\r\n')]],
  ['BitTorrent', 6881, [0, text(`\x13BitTorrent protocol${'\0'.repeat(8)}${'h'.repeat(40)}`)]],
  ['VNC', 5900, [1, text('RFB 003.008\n')], [0, text('RFB 003.008\n')]],
  ['LDAP', 389, [0, hex('300c020101600702010304008000')]],
  ['Git', 9418, [0, text('0033git-upload-pack /project.git\0host=example.com\0')]],
  ['rsync', 873, [1, text('@RSYNCD: 31.0\n')], [0, text('@RSYNCD: 31.0\n')]],
  ['BGP', 179, [0, hex('ffffffffffffffffffffffffffffffff001d0104fde800b40a00000100')]],
  ['a printer', 9100, [0, text('\x1b%-12345X@PJL\r\n')]],
];

const DATAGRAM_ROWS: readonly [name: string, port: number, ...said: Said[]][] = [
  ['NTP', 123, [0, hex(`23${'00'.repeat(47)}`)]],
  ['SNMP', 161, [0, hex('301b02010104067075626c6963a00e0204690000020201000201003000')]],
  ['RTP', 16_384, [0, hex(`80000001000000a012345678${'d5'.repeat(160)}`)]],
  ['WireGuard', 51_820, [0, hex(`01000000aabbccdd${'5a'.repeat(140)}`)]],
  ['a game', 27_500, [0, hex('ffffffff676574696e666f')]],
  ['syslog', 514, [0, text('<34>Oct 11 22:14:15 host su: failed')]],
  ['TFTP', 69, [0, text('\0\x01file\0octet\0')]],
  ['RADIUS', 1812, [0, hex(`01010014${'ab'.repeat(16)}`)]],
  ['DHCP', 67, [0, hex(`01010600${'00'.repeat(240)}`)]],
  ['OpenVPN', 1194, [0, hex('38aabbccddeeff00110000000000')]],
];

function bridge() {
  return new Bench(undefined, { services: SERVICES });
}

describe.each(STREAMS)('%s', (_, serverPort, ...said) => {
  test('goes on at once, unchanged, and is let go', () => {
    const bench = bridge();
    const talk = new Connection({ serverPort });
    bench.giveAll(talk.open());
    let packets = 0;
    let letGo = 0;
    const more: readonly Said[] = [...said, [1, text('\x01more\n')], [0, text('\x02more\n')]];
    for (const [by, what] of more) {
      const { octets, side } = talk.say(by, what);
      expect(bench.give(octets, side)).toBe(Fate.Forward);
      expect(latin(bench.out.at(-1)?.octets ?? new Uint8Array(0))).toBe(latin(octets));
      packets++;
      if (bench.bridge.letGo && letGo === 0) letGo = packets;
    }
    expect(letGo).toBeGreaterThan(0);
    expect(letGo).toBeLessThanOrEqual(SOON);
    expect(bench.events).toEqual([]);
    expect(bench.counter('heldPackets')).toBe(0);
  });

  test('octet by octet: at the end of the hold time all has gone on, unchanged', () => {
    const bench = bridge();
    const talk = new Connection({ serverPort });
    bench.giveAll(talk.open());
    const given: Uint8Array[] = [];
    for (const [by, what] of said) {
      for (const octet of what) {
        const { octets, side } = talk.say(by, Uint8Array.of(octet));
        given.push(octets);
        bench.give(octets, side);
      }
    }
    bench.later(1000);
    const out = bench.out.slice(3).map(({ octets }) => latin(octets));
    expect(out.toSorted()).toEqual(given.map(latin).toSorted());
    expect(bench.received(Side.B, talk.first(0))).toHaveLength(talk.said[0]);
    expect(bench.received(Side.A, talk.first(1))).toHaveLength(talk.said[1]);
    expect(bench.counter('resets')).toBe(0);
    expect(bench.events).toEqual([]);
  });
});

describe.each(DATAGRAM_ROWS)('%s', (_, serverPort, ...said) => {
  test('goes on at once, unchanged, and is let go', () => {
    const bench = bridge();
    const talk = new Connection({ serverPort });
    let letGo = 0;
    for (let i = 1; i <= DATAGRAMS + 1; i++) {
      for (const [by, what] of said) {
        const { octets, side } = talk.datagram(by, what);
        expect(bench.give(octets, side)).toBe(Fate.Forward);
        expect(latin(bench.out.at(-1)?.octets ?? new Uint8Array(0))).toBe(latin(octets));
      }
      if (bench.bridge.letGo && letGo === 0) letGo = i;
    }
    expect(letGo).toBeGreaterThan(0);
    expect(letGo).toBeLessThanOrEqual(DATAGRAMS);
    expect(bench.events).toEqual([]);
  });
});
