/** JSON that may be shown on a terminal as it is: what one could obey is escaped, and means the same. */
export function terminalJson(value: unknown, indent?: number): string {
  // Line feeds of the layout stay; within texts JSON has escaped them.
  return JSON.stringify(value, undefined, indent).replace(
    /[\p{Cc}\p{Zl}\p{Zp}\p{Cf}]/gu,
    (found) =>
      found === '\n'
        ? found
        : Array.from({ length: found.length }, (_, i) => escaped(found.charCodeAt(i))).join(''),
  );
}

function escaped(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}
