import type {ExitCode} from '../../errors.ts';
import type {Io} from '../io.ts';
import type {GlobalOptions} from '../options.ts';
import {run} from './run.ts';

/** The app on a terminal. */
export async function openInk(io: Io, options: GlobalOptions): Promise<ExitCode> {
  return run(io, [], {...options, all: true});
}
