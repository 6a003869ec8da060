/** A verdict or a file of a line: what of it is whose, as JSON, and what facts are made from. */
import { divideMember, type Json } from './split-content.ts';

export interface DividedMember {
  readonly value: Json;
  /** `"verdict":{…}` of the event; undefined: nothing of it. */
  readonly event: string | undefined;
  /** The same of the content; undefined: all of the member is the event's, as it was written. */
  readonly content: string | undefined;
}

/** undefined: it is no object. Throws SyntaxError. */
export function dividedMember(name: string, json: string): DividedMember | undefined {
  const value: unknown = JSON.parse(json);
  const parts = divideMember(name, value);
  if (parts === undefined) return undefined;
  const { event, content } = parts;
  return {
    value: value as Json,
    event: event && `"${name}":${JSON.stringify(event)}`,
    content: content && `"${name}":${JSON.stringify(content)}`,
  };
}
