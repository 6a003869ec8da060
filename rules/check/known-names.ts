/** Values that name nothing there is: `whatsap`, `xmp`, `TLS1.3`. */
import type { FieldName } from '../fields.ts';
import { isGlob } from '../lists/identity.ts';
import type { List, Rule } from '../policy/policy.ts';
import type { Diagnostics } from '../source/diagnostic.ts';
import { suggest } from '../source/suggest.ts';
import { partsOf } from './asked.ts';
import { PROTOCOLS, RECOGNISED_PROTOCOLS } from './protocols.ts';

interface KnownNames {
  readonly what: string;
  readonly names: ReadonlySet<string>;
}
type NamesByField = Readonly<Partial<Record<FieldName, KnownNames>>>;

export const KNOWN: NamesByField = {
  protocol: { what: 'protocol', names: new Set([...PROTOCOLS.keys(), ...RECOGNISED_PROTOCOLS]) },
  'tls.version': { what: 'TLS version', names: new Set(['1.3', '1.2', '1.1', '1.0', '3.0']) },
};

export function servicesNamed(services: ReadonlyMap<string, unknown>): KnownNames {
  return { what: 'service', names: new Set(services.keys()) };
}

/** `told`: lists whose entries were looked at for another rule. */
export function checkNames(
  rule: Rule,
  known: NamesByField,
  found: Diagnostics,
  told: Set<List>,
): void {
  for (const part of partsOf(rule.condition)) {
    if (part.op !== 'test') continue;
    const { test, field, place } = part;
    const names = known[field];
    if (names === undefined) continue;
    if (test.is === 'one-of') {
      for (const value of test.values) checkName(value, names, place, found);
    } else if (test.is === 'in-list' && !told.has(test.list)) {
      told.add(test.list);
      for (const entry of test.list.entries) {
        if (!isGlob(entry.value)) checkName(entry.value, names, entry.place, found);
      }
    }
  }
}

function checkName(
  value: string,
  { what, names }: KnownNames,
  place: List['place'],
  found: Diagnostics,
): void {
  if (names.has(value.toLowerCase())) return;
  found.warn(place, `no ${what} is known as '${value}'`, suggest(value, names));
}
