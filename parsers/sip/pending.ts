/** Requests that wait for their answer, as far as the answer makes an event. */
export type Transaction =
  | {
      readonly kind: 'register';
      readonly address: string | undefined;
      /** User of the credentials, where it is another name than the address. */
      readonly user: string | undefined;
      readonly credentials: boolean;
      readonly removes: boolean;
      /** Asks for the bindings only. */
      readonly asks: boolean;
    }
  | {
      readonly kind: 'message';
      readonly messageId: string | undefined;
      /** SHA-1 of the body, to know it when it comes again with credentials. */
      readonly body: string;
    }
  | { readonly kind: 'subscribe'; readonly contact: string | undefined };

/** A subscription to somebody's presence that is not decided yet. */
export interface Subscription {
  readonly contact: string | undefined;
}
