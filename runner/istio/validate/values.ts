import {parseDuration} from '../duration.ts';
import {regexFault} from '../re2.ts';
import type {Percent, StringMatch} from '../types.ts';
import type {Collector} from './findings.ts';
import {byteLength, float, quoted} from './go-format.ts';

const longestRegex = 1024;

/** Istio: `ValidateDuration`. */
export function validateDuration(text: string | undefined, found: Collector): void {
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined) return;
  if (milliseconds < 1) found.error('duration must be greater than 1ms');
  else if (!Number.isInteger(milliseconds)) found.error('only durations to ms precision are supported');
}

/** A whole number of percent. */
export function validatePercent(value: number | undefined, found: Collector): void {
  if (value !== undefined && (value < 0 || value > 100)) {
    found.error(`percentage ${value} is not in range 0..100`);
  }
}

/** A fraction of requests (Istio: `validatePercentage`). */
export function validatePercentage(percent: Percent | undefined, found: Collector): void {
  const value = percent?.value ?? 0;
  if (value < 0 || value > 100 || (value > 0 && value < 0.0001)) {
    found.error(`percentage ${float(value)} is neither 0.0, nor in range [0.0001, 100.0]`);
  }
}

/** @param where how the error names the field, e.g. `headers`. */
export function validateStringMatch(match: StringMatch | undefined, where: string, found: Collector): void {
  if (match?.prefix === '') found.error(`${quoted(where)}: prefix string match should not be empty`);
  validateRegexMatch(match, where, found);
}

/** Only the expression of a match that has one; an empty prefix passes, as it may in a uri. */
export function validateRegexMatch(match: StringMatch | undefined, where: string, found: Collector): void {
  const regex = match?.regex;
  if (regex === '') found.error(`${quoted(where)}: regex string match should not be empty`);
  else if (regex !== undefined) {
    const fault = regexMatchFault(regex, where);
    if (fault) found.error(fault);
  }
}

/** Istio: `validateStringRegexp`. */
export function regexMatchFault(regex: string, where: string): string | undefined {
  if (byteLength(regex) > longestRegex) {
    return `${quoted(where)}: regex is too large, max length allowed is ${longestRegex}`;
  }
  const fault = regexFault(regex);
  if (!fault) return undefined;
  return `${quoted(where)}: ${fault}; Istio uses RE2 style regex-based match (https://github.com/google/re2/wiki/Syntax)`;
}
