import path from 'node:path';
import {lintLabs} from '../../catalog/catalog.ts';
import {labsInvalid, type Problem} from '../../catalog/problem.ts';
import {type ExitCode, exitCodes} from '../../errors.ts';
import type {View} from '../../session/events.ts';
import {jsonLine} from '../../ui/json/json-line.ts';
import type {Io} from '../io.ts';
import type {GlobalOptions} from '../options.ts';
import {reportFor} from '../report-for.ts';
import {say} from '../say.ts';

/** `lint [DIR]`: every problem of the labs below a folder, by file and line, with its fix. */
export async function lint(
  io: Io,
  directory: string | undefined,
  options: GlobalOptions & {report?: string},
): Promise<ExitCode> {
  const folder = path.resolve(io.directory, directory ?? 'labs');
  const asked = {engine: 'sandbox', labs: []} as const;
  const report = await reportFor(io, {asked, options, words: ['lint', ...(directory ? [directory] : [])]});
  const problems = await lintLabs(folder);
  if (report) await reportProblems(report, problems);
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

/** The faults of labs in the formats of a report: SARIF among them. */
async function reportProblems(report: View, problems: readonly Problem[]): Promise<void> {
  const isGood = problems.length === 0;
  if (!isGood) report.event({type: 'problem', error: labsInvalid(problems)});
  report.event({
    type: 'session-finished',
    outcome: isGood ? 'passed' : 'failed',
    labs: [],
    milliseconds: 0,
  });
  await report.close();
}
