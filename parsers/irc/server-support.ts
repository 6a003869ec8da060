/**
 * What the server says of itself in 005 RPL_ISUPPORT (modern IRC "feature advertisement"), and
 * what follows from it: which names are the same, which are rooms.
 */
const MAX_VALUE = 64; // characters of a value; real ones have fewer than ten

export class ServerSupport {
  #mapping: 'ascii' | 'strict-rfc1459' | 'rfc1459' = 'rfc1459';
  #channelTypes = '#&';
  #statusPrefixes = '@+';

  /** One token, `KEY=VALUE`, `KEY` or `-KEY`. */
  learn(token: string): void {
    const equals = token.indexOf('=');
    if (equals === -1) return;
    const value = unescaped(token.slice(equals + 1, equals + 1 + MAX_VALUE));
    switch (token.slice(0, equals).toUpperCase()) {
      case 'CASEMAPPING':
        this.#mapping = mappingOf(value);
        break;
      case 'CHANTYPES':
        this.#channelTypes = value;
        break;
      case 'STATUSMSG':
        this.#statusPrefixes = value;
        break;
    }
  }

  /** The name in the one form in which equal names are equal. */
  fold(name: string): string {
    if (!mayFold(name)) return name;
    const lower = name.replace(/[A-Z]/g, (c) => c.toLowerCase());
    if (this.#mapping === 'ascii') return lower;
    const folded = lower.replace(/[[\]\\]/g, (c) => (c === '[' ? '{' : c === ']' ? '}' : '|'));
    return this.#mapping === 'rfc1459' ? folded.replaceAll('~', '^') : folded;
  }

  same(a: string | undefined, b: string | undefined): boolean {
    if (a === undefined || b === undefined || a.length !== b.length) return false;
    return a === b || this.fold(a) === this.fold(b);
  }

  /** The room a target names, status prefix (STATUSMSG `@#c`) taken off; '' where it is no room. */
  roomOf(target: string): string {
    if (this.#isRoom(target)) return target;
    for (let i = 0; i < target.length - 1; i++) {
      if (!this.#statusPrefixes.includes(target.charAt(i))) return '';
      if (this.#isRoom(target.slice(i + 1))) return target.slice(i + 1);
    }
    return '';
  }

  /** `+#c` is a status prefix before a room, also where `+` starts room names of its own. */
  #isRoom(target: string): boolean {
    const first = target.charAt(0);
    if (first === '' || !this.#channelTypes.includes(first)) return false;
    const second = target.charAt(1);
    const status = this.#statusPrefixes.includes(first) && (second === '#' || second === '&');
    return !status;
  }
}

/** Whether any mapping changes the name: capitals and `[]\\~`. */
function mayFold(name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    const c = name.charCodeAt(i);
    if ((c >= 0x41 && c <= 0x5d) || c === 0x7e) return true;
  }
  return false;
}

function mappingOf(value: string): 'ascii' | 'strict-rfc1459' | 'rfc1459' {
  const lower = value.toLowerCase();
  if (lower === 'ascii' || lower === 'rfc7613' || lower === 'precis') return 'ascii';
  return lower === 'strict-rfc1459' ? 'strict-rfc1459' : 'rfc1459';
}

/** `\xHH` is the octet HH. */
function unescaped(value: string): string {
  return value.replace(/\\x([0-9a-fA-F]{2})/g, (_, hex) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
