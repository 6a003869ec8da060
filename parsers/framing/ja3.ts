/**
 * JA3 fingerprint of a client (salesforce/ja3): MD5 of `version,ciphers,extensions,groups,formats` in decimal, as
 * they came, without GREASE. Browsers shuffle their extensions since 2023: JA4 is the one to compare them by.
 */
import { md5Hex } from '../../src/bytes/md5.ts';
import type { ClientHello } from './client-hello.ts';

export function ja3(hello: ClientHello): string {
  return md5Hex(ja3Text(hello));
}

/** What is hashed. */
export function ja3Text(hello: ClientHello): string {
  const lists = [
    hello.cipherSuites(),
    hello.extensionTypes(),
    hello.groups(),
    hello.pointFormats(),
  ];
  return [hello.legacyVersion, ...lists.map((values) => values.join('-'))].join(',');
}
