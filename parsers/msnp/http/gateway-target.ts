/** The target of a gateway request: `/gateway/gateway.dll?Action=open&Server=NS&IP=…`, `?SessionID=…`. */
import { SESSION_ID_LIMIT } from '../msnp-limits.ts';

export interface GatewayTarget {
  readonly opens: boolean;
  readonly session: string | undefined;
}

/** Undefined where it is no request to the gateway. Names are compared without case. */
export function gatewayTarget(target: string): GatewayTarget | undefined {
  const question = target.indexOf('?');
  const path = question === -1 ? target : target.slice(0, question);
  if (!path.toLowerCase().endsWith('/gateway/gateway.dll')) return undefined;
  let opens = false;
  let session: string | undefined;
  for (const pair of question === -1 ? [] : target.slice(question + 1).split('&', 16)) {
    const equals = pair.indexOf('=');
    const name = pair.slice(0, equals).toLowerCase();
    const value = pair.slice(equals + 1);
    if (name === 'action') opens = value.toLowerCase() === 'open';
    else if (name === 'sessionid') session = idOf(value);
  }
  return { opens, session };
}

export interface GatewayAnswer {
  readonly session: string | undefined;
  readonly closes: boolean;
}

/** `X-MSN-Messenger: SessionID=…; GW-IP=…[; Session=close]`. */
export function gatewayAnswer(value: string | undefined): GatewayAnswer {
  if (value === undefined) return { session: undefined, closes: false };
  const id = /(?:^|;)\s*SessionID\s*=\s*([^;\s]+)/i.exec(value)?.[1];
  const closes = /(?:^|;)\s*Session\s*=\s*close\b/i.test(value);
  return { session: id === undefined ? undefined : idOf(id), closes };
}

function idOf(text: string): string | undefined {
  return text === '' || text.length > SESSION_ID_LIMIT ? undefined : text;
}
