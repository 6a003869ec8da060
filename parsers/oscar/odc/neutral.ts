/**
 * A refused Direct IM frame stays a frame: its header as it is, its payload blanks (form 0); of a typing
 * notice, which has no payload, the flags say that nobody types (form 1).
 */
import type { Neutraliser } from '../../contract.ts';
import { FLAGS_AT } from './odc-header.ts';

const BLANK = 0x20;
const NOT_TYPING = 0x0002;
export const OdcForm = { Message: 0, Typing: 1 } as const;

export const neutraliseOdc: Neutraliser = (part, from, { head, form }) => {
  for (let i = 0; i < part.length; i++) {
    const at = from + i;
    if (at >= head) part[i] = BLANK;
    else if (form === OdcForm.Typing && at === FLAGS_AT) part[i] = NOT_TYPING >> 8;
    else if (form === OdcForm.Typing && at === FLAGS_AT + 1) part[i] = NOT_TYPING & 0xff;
  }
};
