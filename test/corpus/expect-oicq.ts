/**
 * What the truth of the public QQ capture says the engine must report. The truth lists each packet with
 * the fields that are not encrypted; a flow of this capture is one packet. What is reported is that the
 * account is there. Wireshark's word for command 1, "Log out", is that of versions before QQ 2009.
 */
import type { Expected } from './compare.ts';
import { number, type PublicTruth, text } from './truth.ts';

export function expectOicq(truth: PublicTruth): Expected[] {
  const accounts = new Set(truth.logins.map((item) => text(item, 'qqid')));
  return truth.presence.map((item) => {
    const account = text(item, 'qqid');
    if (!accounts.has(account)) throw new Error(`nobody is signed in as ${account}`);
    return {
      what: JSON.stringify(item),
      fields: {
        kind: 'presence',
        flow: `${text(item, 'src')}:${text(item, 'sport')}`,
        packet: number(item, 'frame'),
        protocol: 'oicq',
        origin: 'client',
        account,
        from: account,
        to: undefined,
        text: undefined,
        state: undefined,
      },
    };
  });
}
