/** `learn` where nothing can come of it: only a refused connection shows an address to learn. */
import type { Rule } from '../policy/policy.ts';
import type { Diagnostics } from '../source/diagnostic.ts';

export function checkLearning({ also, action, kinds, id, place }: Rule, found: Diagnostics): void {
  if (also.learn === undefined) return;
  const what = `rule '${id}' learns no address`;
  if (!kinds.includes('flow.identified')) {
    found.warn(place, what, 'a service is first known on flow.identified');
  } else if (action !== 'drop' && action !== 'reset') {
    found.warn(place, what, 'learn belongs beside then: drop or reset');
  }
}
