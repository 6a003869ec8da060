/** Colours, or none: NO_COLOR (no-color.org) and FORCE_COLOR are heard, in this order. */
import picocolors from 'picocolors';

export type Paint = ReturnType<typeof picocolors.createColors>;

export function wantsColour(isTerminal: boolean, environment: NodeJS.ProcessEnv): boolean {
  const { NO_COLOR: no, FORCE_COLOR: force, TERM: term } = environment;
  if (no !== undefined && no !== '') return false;
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false';
  return isTerminal && term !== 'dumb';
}

export function createPaint(colour: boolean): Paint {
  return picocolors.createColors(colour);
}
