/** A command line run in this process, where it does not matter that it is one of its own. */
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LineWriter } from '../../appliance/cli/line-writer.ts';
import { runProgram } from '../../appliance/cli/run-program.ts';
import { createPaint } from '../../appliance/report/paint.ts';

export interface FinishedHere {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Without colours, 100 columns wide. Standard input is that of the tests: do not read it. */
export async function runHere(args: readonly string[]): Promise<FinishedHere> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-here-'));
  try {
    const [stdout, stderr] = [join(folder, 'stdout'), join(folder, 'stderr')];
    const paint = createPaint(false);
    const out = new LineWriter(openSync(stdout, 'w'), 'standard output');
    const errors = new LineWriter(openSync(stderr, 'w'), 'standard error');
    const layout = { width: 100, paint };
    const terminal = { out, errors, layout, errorPaint: paint, interactive: false };
    const code = await runProgram(args, terminal);
    out.close();
    errors.close();
    return { code, stdout: readFileSync(stdout, 'utf8'), stderr: readFileSync(stderr, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
