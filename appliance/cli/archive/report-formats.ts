/** How `sallyport archive report` is written. */
export const REPORT_FORMATS = ['text', 'csv', 'html', 'json'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];
