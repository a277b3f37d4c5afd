import type {ExitCode} from '../errors.ts';
import {onlyGlobalOptions} from './flags.ts';
import type {Io} from './io.ts';
import {report} from './report.ts';
import {viewChoice} from './view-choice.ts';

/**
 * Where the program begins: opens the app at once where a person sits at a terminal and asked for nothing else, and
 * reads the whole command line otherwise. @returns the exit code; never throws.
 */
export async function start(io: Io): Promise<ExitCode> {
  const options = onlyGlobalOptions(io.argv);
  if (!options || viewChoice(io, options, false).view !== 'ink') {
    const {runCli} = await import('./program.ts');
    return runCli(io);
  }
  try {
    const {openInk} = await import('./commands/app.ts');
    return await openInk(io, options);
  } catch (error) {
    return report(io, error, options);
  }
}
