/** Capabilities in use that change what lines mean (IRCv3 capability negotiation). */

/** Unknown until a capture that began in the middle shows. */
type Known = boolean | undefined;

export class Capabilities {
  /** The server sends the client's own messages back to it. */
  echo = false;
  /** A bouncer sends what the account says from other clients (znc.in/self-message). */
  selfMessage = false;
  /** Texts from the server start with `+` or `-` (identify-msg, CAPAB IDENTIFY-MSG). */
  #identify: Known;

  constructor(midstream: boolean) {
    this.#identify = midstream ? undefined : false;
  }

  /** The list of one CAP ACK, or with `on` false of one CAP DEL. */
  changed(list: string, on: boolean): void {
    for (const word of list.split(' ')) {
      const off = word.startsWith('-');
      this.#set((off ? word.slice(1) : word).toLowerCase(), on && !off);
    }
  }

  /** 290: the answer to the older CAPAB. */
  identifyOn(): void {
    this.#identify = true;
  }

  /**
   * Whether this text, said by a user, starts with the server's mark. In a capture that began in
   * the middle the texts tell: all start with a mark, or the capability is not in use.
   */
  marksIdentity(text: string): boolean {
    const mark = text.startsWith('+') || text.startsWith('-');
    if (this.#identify === undefined && (!mark || text.startsWith('+OK '))) this.#identify = false;
    return mark && this.#identify !== false;
  }

  #set(name: string, on: boolean): void {
    if (name === 'echo-message') this.echo = on;
    else if (name === 'znc.in/self-message') this.selfMessage = on;
    else if (name === 'identify-msg') this.#identify = on;
  }
}
