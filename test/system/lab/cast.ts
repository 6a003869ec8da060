/** Who talks in the lab, whichever protocol they speak. */

export interface Party {
  say(to: Party, text: string): Promise<void>;
  /** Waits for a message that holds the texts; all of it, as it came. */
  hears(...texts: string[]): Promise<string>;
  /** Whether such a message has come and was not waited for. */
  heard(...texts: string[]): Promise<boolean>;
  /** An error, or the loss of the connection: what a refusal must not cause. */
  troubled(): Promise<boolean>;
}

/** A file whose sender listens, and has told the receiver so. */
export interface Offer {
  /** Whether the receiver was told. */
  arrived(): Promise<boolean>;
  /** Whether the receiver, told or not, can open the data connection. */
  opens(): Promise<boolean>;
  /** Carries the content to the receiver; whether it arrived whole. */
  carry(content: Buffer): Promise<boolean>;
}

export interface Cast {
  /** Behind the box. */
  readonly anna: Party;
  /** On the server's side, an approved contact. */
  readonly ben: Party;
  /** On the server's side, and not approved. */
  readonly stranger: Party;
  /** The stranger asks to be on Anna's contact list; undefined where the protocol has no such thing. */
  readonly request: { send(): Promise<void>; arrived(): Promise<boolean> } | undefined;
  offer(from: 'anna' | 'ben', file: string, size: number): Promise<Offer>;
}
