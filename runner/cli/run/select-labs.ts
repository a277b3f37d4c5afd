import type {Lab} from '../../catalog/lab.ts';
import {exitCodes, type Remedy, WorkshopError} from '../../errors.ts';
import {suggestion} from '../../nearest.ts';
import {findLab} from '../options.ts';

/** Which labs a run is asked for; nothing of it means all of them. */
export interface LabChoice {
  /** Numbers, ids or folder names, in the order in which they are done. */
  named: readonly string[];
  from?: string | undefined;
  to?: string | undefined;
  /** Any of these. */
  tags: readonly string[];
}

/**
 * The labs of a choice, by id: those that are named, or those of a range; of these the ones with a tag.
 * @throws WorkshopError for names and tags that there are not, and for a choice of nothing
 */
export function selectLabs(labs: readonly Lab[], {named, from, to, tags}: LabChoice): readonly string[] {
  if (named.length > 0 && (from !== undefined || to !== undefined)) {
    throw wrong('named-and-range', 'Labs are named and a range is given.', [
      'Name the labs: run 4 6',
      'Or give the range: run --from 4 --to 6',
    ]);
  }
  const known = [...new Set(labs.flatMap(lab => lab.tags))];
  for (const tag of tags) {
    if (known.includes(tag)) continue;
    throw wrong('unknown-tag', `No lab has the tag "${tag}".`, [suggestion(tag, known)]);
  }
  const chosen = named.length > 0 ? named.map(text => findLab(labs, text)) : rangeOf(labs, from, to);
  const tagged = chosen.filter(lab => tags.length === 0 || lab.tags.some(tag => tags.includes(tag)));
  if (tagged.length > 0) return [...new Set(tagged.map(lab => lab.id))];
  throw wrong(
    'no-lab-chosen',
    `None of these labs has the tag ${tags.map(tag => `"${tag}"`).join(' or ')}.`,
    [`The labs with their tags: ${labs.map(lab => `${lab.number} ${lab.tags.join(' ')}`).join(', ')}`],
  );
}

function rangeOf(labs: readonly Lab[], from: string | undefined, to: string | undefined): readonly Lab[] {
  const first = from === undefined ? 0 : labs.indexOf(findLab(labs, from));
  const last = to === undefined ? labs.length - 1 : labs.indexOf(findLab(labs, to));
  if (first <= last) return labs.slice(first, last + 1);
  throw wrong('empty-range', `The range ends before it begins: from lab ${from} to lab ${to}.`, [
    `Turn it round: --from ${to} --to ${from}`,
  ]);
}

function wrong(code: string, message: string, remedies: readonly Remedy[]): WorkshopError {
  return new WorkshopError({code, message, remedies, exitCode: exitCodes.usage});
}
