/** Text that goes with a rendezvous message (TLV 000C), as the other party is shown it. */
import type { ImEvent } from '../../../src/event/event.ts';
import { htmlText } from '../../framing/html-text.ts';
import { withoutNul } from '../text-decoding.ts';
import type { RendezvousBlock } from './rendezvous-block.ts';
import { TEXT_LIMIT } from './rendezvous-limits.ts';
import { charsetText } from './text-charset.ts';

export function setComment(event: ImEvent, block: RendezvousBlock): void {
  const { buffer, textStart, textEnd, textCharset } = block;
  if (textEnd <= textStart) return;
  const end = Math.min(textEnd, textStart + TEXT_LIMIT);
  const written = withoutNul(charsetText(buffer, textStart, end, textCharset));
  const shown = htmlText(written);
  if (shown !== '') event.text = shown;
  if (shown !== written) event.markup = written;
}
