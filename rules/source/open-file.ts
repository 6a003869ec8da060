/** How the reader gets at files that rule files name; the loader knows the disk. */
export type Opened = { readonly file: string; readonly text: string } | { readonly fault: string };

/** Opens `name` as it is written in `from`, relative to it. */
export type OpenFile = (from: string, name: string) => Opened;
