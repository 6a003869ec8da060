/** Static decoders of protobufjs, made from the .proto files that stand beside the parsers. */
import { join } from 'node:path';
import { main } from 'protobufjs-cli/pbjs.js';
import { repositoryRoot } from '../support/corpus.ts';

const TEMPLATE = 'test/protobuf/decoder.template';

/** Decoders only: nothing here encodes, and nothing of the schema is there when they run. */
const OPTIONS = [
  ['--target', 'static-module'],
  ['--wrap', join(repositoryRoot, TEMPLATE)],
  ['--es6', '--null-defaults'],
  ['--no-create', '--no-encode', '--no-verify', '--no-convert'],
  ['--no-delimited', '--no-typeurl', '--no-service', '--no-comments'],
].flat();

/** What `<name>.proto` becomes, and where it belongs. */
export interface Generated {
  readonly proto: string;
  readonly file: string;
}

/** Every .proto file of the project, relative to it. */
export const SCHEMAS: readonly Generated[] = [
  'parsers/framing/signal-message',
  'parsers/mcs/stanzas',
  'parsers/mumble-control/control',
  'parsers/whatsapp/handshake',
].map((path) => ({
  proto: `${path}.proto`,
  file: `${path}.decoder.ts`,
}));

/** The text of the decoder. */
export function decoderOf({ proto }: Generated): Promise<string> {
  const root = `sallyport ${proto}`; // decoders of one name do not share their tables
  return new Promise((resolve, reject) => {
    main([...OPTIONS, '--root', root, '--lint', '', join(repositoryRoot, proto)], (error, text) => {
      if (error !== null || text === undefined) reject(error ?? new Error('pbjs made nothing'));
      else resolve(text);
      return 0;
    });
  });
}
