import type {ExitCode} from '../../errors.ts';
import type {Io} from '../io.ts';
import type {GlobalOptions} from '../options.ts';
import {viewChoice} from '../view-choice.ts';

/** No command: the app where a person sits at a terminal, else all labs headless. */
export async function open(io: Io, options: GlobalOptions): Promise<ExitCode> {
  const {view} = viewChoice(io, options, false);
  // Somebody at a terminal that can't draw, or who asked for plain lines, still learns step by step.
  const prompts = view === 'plain' && io.stdin.isTTY === true && io.stdout.isTTY === true && !io.env['CI'];
  // Each loaded only when it is taken: the first frame of the app waits for no cluster's client.
  if (view !== 'ink' && !prompts) {
    const {run} = await import('./run.ts');
    return run(io, [], {...options, all: true});
  }
  const {openInk} = await import('./app.ts');
  return openInk(io, options);
}
