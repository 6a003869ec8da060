/**
 * Traffic of many kinds for a link of 1500 octets: the corpus's web, mail, voice, peer-to-peer and encrypted
 * messengers, and readable IM of our own, copied with other addresses until there is enough of it.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildMixedCapture, type MixedCapture } from '../../../bench/mixed-capture.ts';
import { capturePath, corpusPath } from '../../support/corpus.ts';

export type MixedTraffic = Pick<MixedCapture, 'path' | 'packets'>;

const IM = ['irc-office.pcap', 'xmpp-zlib.pcap'];
const FOLDERS = ['negatives', 'encrypted'];
/**
 * Of these the bridge changes some flow, as it must: the same octets come twice with different content, or come
 * while an earlier copy is held; segments are out of order; the first octets do not yet tell what a flow is. Two
 * are inside GTP tunnels, where copies keep their addresses: all of them would be one connection.
 */
const NORMALISED =
  /^(bittorrent|ftp|heuristic_tcp_ack_payload|http_ipv6|http_origin_different_than_host|rtmp|shadowsocks|smtp-zeek|tls_heur__vmess)/;
const LONGEST_FRAME = 1514; // octets

export function mixedTraffic(packets: number): Promise<MixedTraffic> {
  const captures = FOLDERS.flatMap((folder) =>
    readdirSync(corpusPath(folder))
      .filter((name) => /\.(pcap|pcapng|cap)$/.test(name) && !NORMALISED.test(name))
      .sort()
      .map((name) => corpusPath(join(folder, name))),
  );
  const im = IM.map((name) => capturePath(name));
  return buildMixedCapture('link', [...captures, ...im], packets, LONGEST_FRAME);
}
