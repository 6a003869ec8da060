/** XML bodies of instant messaging that are not presence: typing, receipts, files behind URLs. */
import type { BodyItem } from './im-body-items.ts';
import { allNamed, childNamed, textNamed, xmlDocument } from './xml-document.ts';
import type { XmlElement } from './xml-element.ts';

const FILES_LIMIT = 16;

/** RFC 3994: `active` or `idle`, which is also what anything else means (§3.2). */
export function typingItem(buffer: Uint8Array, start: number, end: number): BodyItem | undefined {
  const root = xmlDocument(buffer, start, end);
  if (root?.name !== 'isComposing') return undefined;
  const state = textNamed(root, 'state');
  return { kind: 'typing', state: state === 'active' ? 'composing' : 'paused' };
}

/** RFC 5438 §11: `<imdn><message-id/><delivery-notification><status><delivered/>…`. */
export function imdnItem(buffer: Uint8Array, start: number, end: number): BodyItem | undefined {
  const root = xmlDocument(buffer, start, end);
  if (root?.name !== 'imdn') return undefined;
  const notification = root.children.find(({ name }) => name.endsWith('-notification'));
  const status = childNamed(notification, 'status')?.children[0]?.name;
  const refersTo = textNamed(root, 'message-id');
  if (status === 'delivered' || status === 'stored' || status === 'processed') {
    return { kind: 'receipt', state: 'received', refersTo, reason: undefined };
  }
  if (status === 'displayed') {
    return { kind: 'receipt', state: 'displayed', refersTo, reason: undefined };
  }
  return { kind: 'receipt', state: 'failed', refersTo, reason: status };
}

/** `<file><file-info type="thumbnail|file"><file-size/><file-name/><content-type/><data url="" until=""/>` */
export function rcsFiles(buffer: Uint8Array, start: number, end: number): BodyItem[] {
  const root = xmlDocument(buffer, start, end);
  if (root === undefined) return [];
  return allNamed(root, 'file-info', FILES_LIMIT).map(fileItem);
}

function fileItem(info: XmlElement): BodyItem {
  const size = textNamed(info, 'file-size');
  return {
    kind: 'file',
    name: textNamed(info, 'file-name'),
    size: size !== undefined && /^\d{1,15}$/.test(size) ? Number(size) : undefined,
    mime: textNamed(info, 'content-type'),
    url: childNamed(info, 'data')?.attribute('url') || undefined,
    purpose: info.attribute('type') === 'thumbnail' ? 'inline' : undefined,
  };
}
