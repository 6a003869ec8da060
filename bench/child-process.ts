/** Programs that a measurement starts, waits for, and ends. */
import type { ChildProcess } from 'node:child_process';

/** Resolves when it has said so on either output. */
export function said(child: ChildProcess, what: string): Promise<void> {
  let text = '';
  return new Promise((resolve, reject) => {
    const listen = (part: Buffer) => {
      text += part.toString();
      if (text.includes(what)) resolve();
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('close', () => reject(new Error(`${child.spawnargs.join(' ')} ended:\n${text}`)));
  });
}

/** All of its standard output, once it has ended well. */
export function whole(child: ChildProcess): Promise<string> {
  let text = '';
  let errors = '';
  child.stdout?.on('data', (part: Buffer) => {
    text += part.toString();
  });
  child.stderr?.on('data', (part: Buffer) => {
    errors += part.toString();
  });
  return new Promise((resolve, reject) => {
    child.once('close', (code) => {
      if (code === 0) resolve(text);
      else reject(new Error(`${child.spawnargs.join(' ')} ended with ${code}: ${errors}`));
    });
  });
}

/** Ends it as an administrator would. */
export function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('close', () => resolve());
    child.kill('SIGTERM');
  });
}
