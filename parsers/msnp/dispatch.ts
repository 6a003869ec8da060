/** Which command is whose: one place from verb to handler. */
import * as lists from './lists.ts';
import * as login from './login.ts';
import { onAdl, onRml } from './membership.ts';
import { onMsg } from './messages.ts';
import type { MsnpFlow } from './msnp-flow.ts';
import * as networks from './other-networks.ts';
import * as pages from './pages.ts';
import * as presence from './presence.ts';
import { onNfy, onPut } from './publications.ts';
import { onSdg } from './routed.ts';
import * as switchboard from './switchboard.ts';
import { isErrorCode, isVerb, type Verb, verbText, word } from './verbs.ts';

type Handler = (flow: MsnpFlow) => void;

/** Commands that are known and not here make nothing. */
const HANDLERS: ReadonlyMap<Verb, Handler> = new Map<Verb, Handler>([
  [word('VER'), login.onVer],
  [word('CVR'), login.onCvr],
  [word('USR'), login.onUsr],
  [word('ANS'), login.onAns],
  [word('XFR'), login.onXfr],
  [word('OUT'), login.onOut],
  [word('CAL'), switchboard.onCal],
  [word('RNG'), switchboard.onRng],
  [word('JOI'), switchboard.onJoi],
  [word('IRO'), switchboard.onIro],
  [word('BYE'), switchboard.onBye],
  [word('MSG'), onMsg],
  [word('UUM'), networks.onUum],
  [word('UBM'), networks.onUbm],
  [word('UUN'), networks.onUun],
  [word('UBN'), networks.onUbn],
  [word('SDG'), onSdg],
  [word('PUT'), onPut],
  [word('NFY'), onNfy],
  [word('PAG'), pages.onPag],
  [word('IPG'), pages.onIpg],
  [word('NOT'), pages.onNot],
  [word('LST'), lists.onLst],
  [word('LSG'), lists.onLsg],
  [word('ADG'), lists.onAdg],
  [word('REG'), lists.onReg],
  [word('RMG'), lists.onRmg],
  [word('ADD'), lists.onAdd],
  [word('ADC'), lists.onAdd],
  [word('REM'), lists.onRem],
  [word('ADL'), onAdl],
  [word('RML'), onRml],
  [word('CHG'), presence.onChg],
  [word('NLN'), presence.onNln],
  [word('ILN'), presence.onIln],
  [word('FLN'), presence.onFln],
  [word('UBX'), presence.onStatusText],
  [word('UUX'), presence.onStatusText],
  [word('PRP'), presence.onRename],
  [word('REA'), presence.onRename],
]);

export function dispatch(flow: MsnpFlow): void {
  const { verb } = flow.command;
  const handler = HANDLERS.get(verb);
  if (handler !== undefined) handler(flow);
  else if (isErrorCode(verb)) login.onError(flow);
  else if (!isVerb(verb)) flow.unknown(verbText(verb));
}
