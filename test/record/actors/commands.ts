/** What an actor can be told, and how it reads its arguments. */
export type Arguments = Readonly<Record<string, unknown>>;
export type Commands = Readonly<Record<string, (args: Arguments) => Promise<unknown>>>;

export function text(args: Arguments, name: string): string {
  const value = args[name];
  if (typeof value !== 'string') throw new Error(`${name} must be a text`);
  return value;
}

export function optionalText(args: Arguments, name: string): string | undefined {
  return args[name] === undefined ? undefined : text(args, name);
}

export function number(args: Arguments, name: string): number {
  const value = args[name];
  if (typeof value !== 'number') throw new Error(`${name} must be a number`);
  return value;
}

export function texts(args: Arguments, name: string): string[] {
  const value = args[name];
  if (!Array.isArray(value)) throw new Error(`${name} must be a list`);
  return value.map(String);
}

/**
 * What arrived and was not asked for yet. A wait takes the oldest item that holds all the given
 * texts, so the order of unrelated arrivals does not matter.
 */
export class Inbox {
  #items: string[] = [];
  #waits: { needles: readonly string[]; found(item: string): void }[] = [];

  add(item: string): void {
    const wait = this.#waits.find(({ needles }) =>
      needles.every((needle) => item.includes(needle)),
    );
    if (wait === undefined) this.#items.push(item);
    else wait.found(item);
  }

  /** Whether something with all the texts has arrived and was not taken. */
  holds(needles: readonly string[]): boolean {
    return this.#items.some((item) => needles.every((needle) => item.includes(needle)));
  }

  /** Rejects after `limitMs`, saying what had arrived. A machine may be slow, and segments lost several times. */
  take(needles: readonly string[], limitMs = 30_000): Promise<string> {
    const index = this.#items.findIndex((item) => needles.every((needle) => item.includes(needle)));
    const item = this.#items[index];
    if (item !== undefined) {
      this.#items.splice(index, 1);
      return Promise.resolve(item);
    }
    return new Promise((resolve, reject) => {
      const forget = () => {
        this.#waits = this.#waits.filter((other) => other !== wait);
        clearTimeout(timer);
      };
      const timer = setTimeout(() => {
        forget();
        reject(new Error(`nothing with ${needles.join(' … ')} among:\n${this.#items.join('\n')}`));
      }, limitMs);
      const wait = {
        needles,
        found: (found: string) => {
          forget();
          resolve(found);
        },
      };
      this.#waits.push(wait);
    });
  }
}
