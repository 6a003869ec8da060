/**
 * A station that stands on either side of the box where hosts know nothing of VLANs: frames from
 * `plain` get a tag on their way to `tagged`, frames from there lose it. What comes from there
 * without that tag goes nowhere: a box that strips or changes tags cuts the hosts off.
 *
 * Arguments: plain device, tagged device, TCI (priority and VLAN id).
 */
import { RawPort, untilFrame } from './raw-port.ts';

const [plainName = '', taggedName = '', tci = ''] = process.argv.slice(2);
const plain = new RawPort(plainName);
const tagged = new RawPort(taggedName);
const tag = Number(tci);
const ADDRESSES = 12; // octets: destination and source, which the tag follows (IEEE 802.1Q)

for (;;) {
  untilFrame([plain, tagged], 100);
  plain.receive((octets, vlan) => {
    if (vlan >= 0) return;
    const framed = new Uint8Array(octets.length + 4);
    framed.set(octets.subarray(0, ADDRESSES));
    framed.set([0x81, 0x00, tag >> 8, tag & 0xff], ADDRESSES);
    framed.set(octets.subarray(ADDRESSES), ADDRESSES + 4);
    tagged.send(framed);
  });
  tagged.receive((octets, vlan) => {
    if (vlan === tag) plain.send(octets.slice());
  });
}
