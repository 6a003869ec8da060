/**
 * Definitions with the same properties in the same order, absent ones undefined: objects of one shape, whose
 * properties the JavaScript engine finds without a search for each of sixty.
 */
import type { ProtocolDefinition } from './contract.ts';

const ALL: Readonly<Record<keyof ProtocolDefinition, undefined>> = {
  name: undefined,
  protocol: undefined,
  family: undefined,
  service: undefined,
  transport: undefined,
  tunnel: undefined,
  opaque: undefined,
  repeats: undefined,
  weak: undefined,
  firstSegment: undefined,
  activity: undefined,
  emptyGreeting: undefined,
  ports: undefined,
  probeLimit: undefined,
  probe: undefined,
  isNobodys: undefined,
  passing: undefined,
  firstOctets: undefined,
  create: undefined,
  neutralise: undefined,
};

export function ofOneShape(definition: ProtocolDefinition): ProtocolDefinition {
  return Object.assign<object, ProtocolDefinition>({ ...ALL }, definition);
}
