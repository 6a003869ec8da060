/** What is wrong with an archive, in one line: what, where, why; `advice` says what to do. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
  readonly advice: string | undefined;
  /**
   * The database is away, full or busy: the same may succeed later. After a lost COMMIT it is unknown whether
   * it was done: read what was written (`meta`) before trying again.
   */
  readonly retry: boolean;

  constructor(message: string, advice?: string, retry = false) {
    super(message);
    this.advice = advice;
    this.retry = retry;
  }
}
