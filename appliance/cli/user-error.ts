/** Exit codes of the command line. */
export const Exit = {
  Ok: 0,
  /** The run failed: a broken capture, a rule test that does not hold. */
  Failed: 1,
  /** The command line, a rule file or another part of the configuration is wrong. */
  Usage: 2,
} as const;

/** Something the user can put right: shown as one line, without a stack trace. */
export class UserError extends Error {
  readonly exitCode: number;
  readonly hint: string | undefined;

  constructor(message: string, hint?: string, exitCode: number = Exit.Usage) {
    super(message);
    this.name = 'UserError';
    this.hint = hint;
    this.exitCode = exitCode;
  }
}

/** The reader of our output went away (`| head`): not a fault, and nothing more to say. */
export class BrokenPipe extends Error {
  constructor() {
    super('the reader of the output has gone');
    this.name = 'BrokenPipe';
  }
}

const SYSTEM_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'is a directory',
  ENOTDIR: 'a part of the path is not a directory',
  ENOSPC: 'no space left on the device',
  EROFS: 'the file system is read-only',
  EMFILE: 'too many files are open',
};

/** An error of the operating system in the user's words; undefined for any other error. */
export function systemErrorText(error: unknown): string | undefined {
  const code = errorCode(error);
  if (code === undefined) return undefined;
  return SYSTEM_ERRORS[code] ?? (error instanceof Error ? error.message : code);
}

export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
