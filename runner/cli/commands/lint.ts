import path from 'node:path';
import {lintLabs} from '../../catalog/catalog.ts';
import {type ExitCode, exitCodes} from '../../errors.ts';
import {jsonLine} from '../../ui/json/json-line.ts';
import type {Io} from '../io.ts';
import type {GlobalOptions} from '../options.ts';
import {say} from '../say.ts';

/** `lint [DIR]`: every problem of the labs below a folder, by file and line, with its fix. */
export async function lint(io: Io, directory: string | undefined, options: GlobalOptions): Promise<ExitCode> {
  const folder = path.resolve(io.directory, directory ?? 'labs');
  const problems = await lintLabs(folder);
  for (const problem of problems) {
    const line = options.json
      ? jsonLine(problem)
      : `${problem.place.file}:${problem.place.line}: ${problem.message}\n  → ${problem.fix}`;
    say(io.stdout, line);
  }
  if (!options.json)
    io.stderr.write(
      problems.length === 0
        ? 'no problems\n'
        : `${problems.length} problem${problems.length === 1 ? '' : 's'}\n`,
    );
  return problems.length === 0 ? exitCodes.passed : exitCodes.usage;
}
