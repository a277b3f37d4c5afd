import {exitCodes, WorkshopError} from '../errors.ts';
import type {Place} from './lab.ts';

/** One thing that is wrong with a lab: where, what, and how to put it right. */
export interface Problem {
  place: Place;
  /** One sentence without a full stop. */
  message: string;
  fix: string;
}

/** `labs/05-route-to-v2/lab.md:31  unknown condition "star"; write "stars"`. */
export function formatProblem({place, message, fix}: Problem): string {
  return `${place.file}:${place.line}  ${message}; ${fix}`;
}

/** File by file, top to bottom, so that an author can work through them in one pass. */
export function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  return [...problems].sort(
    (a, b) => a.place.file.localeCompare(b.place.file, 'en') || a.place.line - b.place.line,
  );
}

export function labsInvalid(problems: readonly Problem[]): WorkshopError {
  const count = problems.length;
  const sorted = sortProblems(problems);
  return new WorkshopError({
    code: 'labs-invalid',
    message: `The labs have ${count} ${count === 1 ? 'problem' : 'problems'}.`,
    detail: sorted.map(formatProblem).join('\n'),
    cause: sorted,
    remedies: [{say: 'Correct the lines above, then run', command: 'lint'}],
    exitCode: exitCodes.usage,
  });
}
