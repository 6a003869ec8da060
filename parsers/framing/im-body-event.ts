/** Which event an item of a body becomes (im-body.ts), and what it fills in. */
import type { TransferOffer } from '../contract.ts';
import type { BodyItem } from './im-body-items.ts';

export type ContentKind =
  | 'message'
  | 'message.receipt'
  | 'typing'
  | 'file.offer'
  | 'file.accept'
  | 'file.decline'
  | 'file.cancel'
  | 'app.unknown';

/** The fields of an event that an item fills in. */
export interface ContentFields {
  text: string | undefined;
  markup: string | undefined;
  encrypted: string | undefined;
  state: string | undefined;
  refersTo: string | undefined;
  reason: string | undefined;
  messageId: string | undefined;
  sentAt: string | undefined;
  file:
    | {
        name?: string | undefined;
        size?: number | undefined;
        mime?: string | undefined;
        method?: TransferOffer['method'] | undefined;
        token?: string | undefined;
        url?: string | undefined;
        purpose?: 'inline' | 'ink' | 'picture' | 'emoticon' | undefined;
      }
    | undefined;
}

/** Undefined where the item says nothing. */
export function contentKind(item: BodyItem): ContentKind | undefined {
  switch (item.kind) {
    case 'text':
      return item.text === '' ? undefined : 'message';
    case 'encrypted':
      return 'message';
    case 'typing':
      return 'typing';
    case 'receipt':
      return 'message.receipt';
    case 'file':
    case 'data':
      return 'file.offer';
    case 'invitation':
      return item.command === 'offer' && !item.isFile ? 'app.unknown' : `file.${item.command}`;
    default:
      return 'app.unknown';
  }
}

/** `method`: of the request that carries the body, for what is not known. */
export function fillContent(event: ContentFields, item: BodyItem, method: string): void {
  switch (item.kind) {
    case 'text':
      event.text = item.text;
      event.markup = item.markup;
      return;
    case 'encrypted':
      event.encrypted = item.method;
      return;
    case 'typing':
      event.messageId = undefined;
      event.sentAt = undefined;
      event.state = item.state;
      return;
    case 'receipt':
      event.messageId = undefined;
      event.state = item.state;
      event.refersTo = item.refersTo;
      event.reason = item.reason;
      return;
    case 'file': {
      const { name, size, mime, url, purpose } = item;
      event.file = { name, size, mime, method: 'http-upload', url, purpose };
      return;
    }
    case 'data': {
      const { name, size, mime } = item;
      event.file = { name, size, mime, method: 'attachment' };
      return;
    }
    case 'invitation': {
      const { name, size, token, application } = item;
      if (contentKind(item) === 'app.unknown') {
        event.reason = `x-msmsgsinvite ${application ?? ''}`.trimEnd();
      } else event.file = { name, size, method: 'msnftp', token };
      return;
    }
    default:
      event.reason = `${method} ${item.type}`;
  }
}
