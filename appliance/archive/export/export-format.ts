/** What an export may be written as. */
export const EXPORT_FORMATS = ['jsonl', 'csv', 'eml', 'edrm', 'html'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** These show conversations day by day; the others list records in the order of the chain. */
export function groupsConversations(format: ExportFormat): boolean {
  return format === 'eml' || format === 'edrm' || format === 'html';
}
