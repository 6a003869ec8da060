/**
 * Who a SASL exchange signs in (RFC 6120 §6, XEP-0388): the identity is taken from the client's
 * messages, the secrets beside it are never kept.
 *
 *   PLAIN (RFC 4616)          [authzid] NUL authcid NUL password
 *   SCRAM (RFC 5802 §7)       n|y|p=…, [a=authzid], n=user, r=nonce …   with =2C ',' and =3D '='
 *   OAUTHBEARER (RFC 7628)    n,[a=authzid],^A…
 *   DIGEST-MD5 (RFC 2831)     username="…",realm="…",qop=…,authzid="…"
 *   EXTERNAL                  [authzid]
 *   X-OAUTH2, X-GOOGLE-TOKEN  NUL user NUL token
 *   HT-* (XEP-0484)           user NUL hash
 */
export class SaslExchange {
  readonly mechanism: string;
  /** Login name or JID, as the client gave it. */
  identity: string | undefined = undefined;
  /** DIGEST-MD5 with a security layer: everything after success is wrapped (RFC 2831 §2.3). */
  wrapped = false;
  #first = true;

  constructor(mechanism: string) {
    this.mechanism = mechanism.toUpperCase();
  }

  /** A message of the client, decoded. */
  fromClient(message: string): void {
    const mechanism = this.mechanism;
    if (mechanism === 'DIGEST-MD5') this.#digest(message);
    if (!this.#first || message === '') return;
    this.#first = false;
    if (mechanism === 'PLAIN') this.#plain(message);
    else if (mechanism === 'X-OAUTH2' || mechanism === 'X-GOOGLE-TOKEN') this.#plain(message);
    else if (mechanism.startsWith('SCRAM-') || mechanism === 'OAUTHBEARER') this.#gs2(message);
    else if (mechanism === 'EXTERNAL') this.identity = message;
    else if (mechanism.startsWith('HT-')) this.identity = beforeNul(message);
  }

  #plain(message: string): void {
    const [authorized, authenticated] = message.split('\0', 2);
    this.identity = jidLike(authorized) ?? (authenticated || undefined);
  }

  #gs2(message: string): void {
    const [, authorized = '', ...rest] = message.split(',');
    const user = rest.find((part) => part.startsWith('n='));
    const named = authorized.startsWith('a=') ? unescapeName(authorized.slice(2)) : undefined;
    this.identity = jidLike(named) ?? (user === undefined ? named : unescapeName(user.slice(2)));
  }

  #digest(message: string): void {
    const username = quoted(message, 'username');
    if (username === undefined) return;
    this.identity = jidLike(quoted(message, 'authzid')) ?? username;
    const qop = /(?:^|,)\s*qop="?([a-z-]+)/.exec(message)?.[1];
    this.wrapped = qop === 'auth-int' || qop === 'auth-conf';
  }
}

function jidLike(name: string | undefined): string | undefined {
  return name?.includes('@') ? name : undefined;
}

function beforeNul(message: string): string | undefined {
  const nul = message.indexOf('\0');
  return nul > 0 ? message.slice(0, nul) : undefined;
}

function unescapeName(name: string): string | undefined {
  return name.replaceAll('=2C', ',').replaceAll('=3D', '=') || undefined;
}

/** The value of key="value", with its backslashes undone. */
function quoted(message: string, key: string): string | undefined {
  const found = new RegExp(`(?:^|,)\\s*${key}="((?:[^"\\\\]|\\\\.)*)"`).exec(message)?.[1];
  return found?.replace(/\\(.)/g, '$1') || undefined;
}
