/** Where events go besides `events:` and the archive, and in which form. */
export interface OutputSettings {
  readonly file: string;
  /** native: as docs/events.md has them; ecs: in the Elastic Common Schema. */
  readonly format: 'native' | 'ecs';
  /** What was said, and names of files, too. */
  readonly content: boolean;
  readonly rotate: RotationSettings;
  /** Octets that may wait for the disk; what finds no room is lost, and counted. */
  readonly queue: number;
}

export interface RotationSettings {
  /** Octets; undefined: however large. */
  readonly size: number | undefined;
  /** Milliseconds; undefined: however old. */
  readonly every: number | undefined;
  /** Files kept besides the one that is written. */
  readonly keep: number;
}
