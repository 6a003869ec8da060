/** An open archive: its database, its home folder, and what seals its content. */
import type { ArchiveDatabase, Vault } from './contract.ts';
import type { ArchiveTarget } from './target.ts';

export interface Archive {
  readonly target: ArchiveTarget;
  readonly database: ArchiveDatabase;
  readonly vault: Vault;
  close(): Promise<void>;
}

export interface OpenOptions {
  /** Make the archive where there is none. */
  readonly create?: boolean;
  /** Nothing is written, not even that it was read: verify alone opens it so. */
  readonly readOnly?: boolean;
}
