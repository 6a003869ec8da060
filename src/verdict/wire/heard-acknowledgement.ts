/** What the receiver of a direction said last of itself: a duplicate of it can be made (bridge-selective.ts). */
export class HeardAcknowledgement {
  acknowledgement = 0;
  /** As it stands in the header; -1: nothing was heard yet. */
  window = -1;
  /** Its timestamps option (RFC 7323), where it has one. */
  hasStamps = false;
  value = 0;
  echo = 0;
}
