import type { YmsgFlow } from './ymsg-flow.ts';

/** The identity under which the client acts (key 1); where it names none, the account. */
export function actor(flow: YmsgFlow): string | undefined {
  const id = flow.id(1);
  flow.learnAccount(id);
  return id ?? flow.account;
}
