/**
 * The account a client signs in with, from its SASL exchange (IRCv3 sasl-3.1, sasl-3.2).
 *
 * AUTHENTICATE mechanism, then base64 in chunks of at most 400 octets: one of exactly 400 has a
 * successor, `+` is an empty one, `*` gives up. Of PLAIN (RFC 4616) `[authzid] NUL authcid NUL
 * password` and of SCRAM (RFC 5802) `gs2-header n=user,…` only the account is kept.
 */
import { decodeBase64 } from '../../src/bytes/base64.ts';
import { ascii, ownCopy, utf8 } from '../../src/bytes/text.ts';
import { SASL_CHUNKS_LIMIT } from './irc-limits.ts';

const FULL_CHUNK = 400;

export class SaslExchange {
  #mechanism = '';
  #chunks: string[] = [];
  #done = false;
  /** Who tries to sign in, when the exchange has said so. */
  account: string | undefined = undefined;

  /** The parameter of one AUTHENTICATE from the client. */
  said(parameter: string): void {
    if (parameter === '*') this.reset();
    else if (this.#mechanism === '') this.#mechanism = parameter.toUpperCase();
    else if (!this.#done) this.#chunk(parameter);
  }

  /** The exchange ended; the account stays. */
  reset(): void {
    this.#mechanism = '';
    this.#chunks = [];
    this.#done = false;
  }

  /** Memory, octets. */
  held(): number {
    let characters = this.#mechanism.length + (this.account?.length ?? 0);
    for (const chunk of this.#chunks) characters += chunk.length;
    return 2 * characters;
  }

  #chunk(parameter: string): void {
    if (parameter !== '+') this.#chunks.push(parameter);
    if (parameter.length === FULL_CHUNK && this.#chunks.length < SASL_CHUNKS_LIMIT) return;
    this.account = accountOf(this.#mechanism, base64Text(this.#chunks.join('')));
    this.#chunks = [];
    this.#done = true;
  }
}

function accountOf(mechanism: string, message: string): string | undefined {
  let account: string | undefined;
  if (mechanism === 'PLAIN') {
    const [authzid = '', authcid = ''] = message.split('\0', 2);
    account = authzid === '' ? authcid : authzid;
  } else if (mechanism.startsWith('SCRAM-')) {
    const name = /^[ny](?:=[^,]*)?,[^,]*,n=([^,]*)/.exec(message)?.[1];
    account = name?.replaceAll('=2C', ',').replaceAll('=3D', '=');
  } else if (mechanism === 'EXTERNAL') account = message;
  return account === undefined || account === '' ? undefined : ownCopy(account);
}

function base64Text(encoded: string): string {
  const octets = ascii(encoded);
  const decoded = decodeBase64(octets, 0, octets.length) ?? new Uint8Array(0);
  return utf8(decoded, 0, decoded.length);
}
