/** Names of documents, from our own numbers alone: a thousand conversations a folder. */
const DIGITS = 9;
const FOLDER_DIGITS = 6;
const A_FOLDER = 1000;

/** `c000000012`. */
export function conversationName(conversation: number): string {
  return `c${String(conversation).padStart(DIGITS, '0')}`;
}

/** `000000/c000000012-2026-11-23`, to which an ending is added. */
export function documentName(conversation: number, suffix: string): string {
  const folder = String(Math.floor(conversation / A_FOLDER)).padStart(FOLDER_DIGITS, '0');
  return `${folder}/${conversationName(conversation)}${suffix}`;
}
