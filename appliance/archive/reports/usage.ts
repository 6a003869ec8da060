/** What a person, a service, an hour or a day came to. */

export interface UsageRow {
  readonly name: string;
  /** Of a person: said, and delivered to. Else: all messages, once. */
  readonly messages: number;
  readonly received?: number;
  /** Of persons and services. */
  readonly conversations?: number;
  readonly files: number;
  /** Connections that ended, and their payload in both directions. */
  readonly connections: number;
  readonly octets: number;
  /** Seconds: stretches of own acts; calls; connections of services that are not read. */
  readonly active: number;
  readonly calls: number;
  readonly connected: number;
}

export class Usage {
  readonly name: string;
  messages = 0;
  received = 0;
  conversations = 0;
  files = 0;
  connections = 0;
  octets = 0;
  /** Microseconds. */
  active = 0;
  calls = 0;
  connected = 0;

  constructor(name: string) {
    this.name = name;
  }

  get isNothing(): boolean {
    const { messages, received, files, connections, active } = this;
    return messages + received + files + connections + active === 0;
  }

  /** `by`: what does not apply to rows of it is left out. */
  row(by: UsageBy): UsageRow {
    const { name, messages, received, conversations, files, connections, octets } = this;
    return {
      name,
      messages,
      ...(by === 'person' ? { received } : {}),
      ...(by === 'person' || by === 'service' ? { conversations } : {}),
      ...{ files, connections, octets },
      active: seconds(this.active),
      calls: seconds(this.calls),
      connected: seconds(this.connected),
    };
  }
}

export const USAGE_BY = ['person', 'service', 'hour', 'day'] as const;
export type UsageBy = (typeof USAGE_BY)[number];

function seconds(microseconds: number): number {
  return Math.round(microseconds / 1e6);
}
