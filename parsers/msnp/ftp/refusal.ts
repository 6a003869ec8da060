/** How an invitation is declined in the invited one's name (dossier §9): a message payload. */
export function cancelMessage(cookie: string): Uint8Array {
  const digits = /^[!-~]+/.exec(cookie)?.[0] ?? '0';
  return new TextEncoder().encode(
    [
      'MIME-Version: 1.0',
      'Content-Type: text/x-msmsgsinvite; charset=UTF-8',
      '',
      'Invitation-Command: CANCEL',
      `Invitation-Cookie: ${digits}`,
      'Cancel-Code: REJECT',
      '',
      '',
    ].join('\r\n'),
  );
}
