/** What is wrong with an archive, in one line: what, where, why; `advice` says what to do. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
  readonly advice: string | undefined;

  constructor(message: string, advice?: string) {
    super(message);
    this.advice = advice;
  }
}
