/**
 * `text/x-msmsgsinvite`: how MSN, Windows Messenger and OCS clients invite to an application, as a block
 * of `Name: value` lines (draft-movva-msn-messenger-protocol-00 §7; msnpiki "Invitations").
 *
 *   Application-GUID {5D3E02AB-…}  a file: Application-File, Application-FileSize
 *   Invitation-Command             INVITE, ACCEPT, CANCEL (Cancel-Code REJECT: it was not wanted)
 */
import { HeaderBlock } from './header-block.ts';
import type { BodyItem } from './im-body-items.ts';

const FILE_TRANSFER = '{5d3e02ab-6190-11d3-bbbb-00c04f795683}';

export function invitationItem(
  buffer: Uint8Array,
  start: number,
  end: number,
): BodyItem | undefined {
  const block = new HeaderBlock();
  block.read(buffer, start, end);
  const command = commandOf(block);
  const name = block.value('application-file') || undefined;
  const guid = block.value('application-guid')?.toLowerCase();
  const item: BodyItem | undefined = command && {
    kind: 'invitation',
    command,
    name,
    size: block.decimal('application-filesize'),
    application: block.value('application-name') || undefined,
    token: block.value('invitation-cookie') || undefined,
    isFile: guid === FILE_TRANSFER || name !== undefined,
  };
  block.clear();
  return item;
}

function commandOf(block: HeaderBlock): 'offer' | 'accept' | 'decline' | 'cancel' | undefined {
  switch (block.value('invitation-command')?.toUpperCase()) {
    case 'INVITE':
      return 'offer';
    case 'ACCEPT':
      return 'accept';
    case 'CANCEL':
      return /^REJECT/i.test(block.value('cancel-code') ?? '') ? 'decline' : 'cancel';
    default:
      return undefined;
  }
}
