/**
 * What of a user name is a name. Some brokers want credentials there:
 *
 *   ann?x-amz-customauthorizer-signature=…   AWS IoT Core, custom authorizers: behind the question mark
 *   SharedAccessSignature sr=…&sig=…         Azure
 *   eyJhbGciOi…, Bearer …, FlespiToken …     tokens
 *   Q7tTzP0cBq3mVw9aLk2R without a password  access tokens (ThingsBoard and others)
 */
const SECRETS = /\b(?:sig|signature|token|key|secret|password|passwd|pwd)=/i;
const TOKENS = /^(?:bearer|basic|token|apikey|flespitoken|sharedaccesssignature)\s|^eyJ[\w-]+\./i;
/** Digits and letters of both cases, long: nobody calls himself so. */
const MIXED = /^(?=.*\d)(?=.*[a-z])(?=.*[A-Z])[\w+/=]{20,}$/;
const UUID_OR_HASH = /^(?:[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|[\da-f]{32,})$/i;

/** Undefined where there is none. */
export function accountName(user: string | undefined, hasPassword: boolean): string | undefined {
  const name = user?.split('?', 1)[0];
  if (name === undefined || name === '' || TOKENS.test(name) || SECRETS.test(name))
    return undefined;
  return !hasPassword && (MIXED.test(name) || UUID_OR_HASH.test(name)) ? undefined : name;
}
