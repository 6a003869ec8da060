/** One scene's surroundings: network, servers, one actor per client, a capture, its truth. */
import { Actor } from './lab/actor.ts';
import { record } from './lab/capture.ts';
import { type NamespacePrefix, Network } from './lab/network.ts';
import { temporaryFolder } from './lab/temporary-folder.ts';
import { Truth } from './truth.ts';

export interface StageOptions {
  readonly prefix: NamespacePrefix;
  readonly clients: number;
  /** Compiled actors/main.js. */
  readonly program: string;
  /** Starts the servers; the folder is removed afterwards. Environment for the actors, if any. */
  readonly servers: (network: Network, folder: string, truth: Truth) => Promise<NodeJS.ProcessEnv>;
  /** Where the capture of the first client's link goes. */
  readonly capture: string;
  readonly device?: 'eth0' | 'any';
}

export interface Stage {
  readonly network: Network;
  readonly truth: Truth;
  /** The first one is on the captured link. */
  readonly actors: readonly Actor[];
}

/** Sets the stage, plays, and strikes it whatever happens. */
export async function play(
  options: StageOptions,
  scene: (stage: Stage) => Promise<void>,
): Promise<Truth> {
  const folder = temporaryFolder('stage');
  const truth = new Truth();
  let network: Network | undefined;
  try {
    network = new Network(options.prefix, options.clients);
    const environment = await options.servers(network, folder.path, truth);
    const { program } = options;
    const actors: Actor[] = [];
    for (const host of network.clients) actors.push(new Actor(network, host, program, environment));
    const [captured] = network.clients;
    if (captured === undefined) throw new Error('a stage needs a client');
    const recording = await record(network, captured, options.capture, options.device);
    await scene({ network, truth, actors });
    await recording.stop();
    return truth;
  } finally {
    await network?.close();
    folder.remove();
  }
}

export function actorAt(stage: Stage, index: number): Actor {
  const actor = stage.actors[index];
  if (actor === undefined) throw new Error(`no actor ${index}`);
  return actor;
}

/** People do not type at wire speed: lets segments and times look like a conversation. */
export function breathe(milliseconds = 60): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
