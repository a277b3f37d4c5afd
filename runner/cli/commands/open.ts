import type {ExitCode} from '../../errors.ts';
import type {Io} from '../io.ts';
import type {GlobalOptions} from '../options.ts';
import {viewChoice} from '../views.ts';
import {run} from './run.ts';

/** No command: the app where a person sits at a terminal, else all labs headless. */
export async function open(io: Io, options: GlobalOptions): Promise<ExitCode> {
  if (viewChoice(io, options, false).view !== 'ink') return run(io, [], {...options, all: true});
  const {openInk} = await import('./app.ts');
  return openInk(io, options);
}
