import {suggestion} from '../nearest.ts';
import type {FrontMatter} from './front-matter.ts';
import type {WrittenLab} from './parse-lab.ts';
import type {Problem} from './problem.ts';
import type {LabFolder} from './read-folder.ts';

export interface LabSource {
  folder: LabFolder;
  number: number;
  page: WrittenLab;
  data: FrontMatter;
}

/** The rules between labs: ids, numbers, what they need and replace. */
export function lintSet(labs: readonly LabSource[]): readonly Problem[] {
  return [...duplicates(labs), ...unknownLabs(labs), ...cycles(labs)];
}

function duplicates(labs: readonly LabSource[]): readonly Problem[] {
  return labs.flatMap((lab, index) => {
    const problems: Problem[] = [];
    const earlier = labs.slice(0, index);
    const sameId = earlier.find(other => other.data.id === lab.data.id);
    if (sameId) {
      problems.push({
        place: lab.page.frontMatter.placeOf('id'),
        message: `the id "${lab.data.id}" is that of ${sameId.folder.shown} too`,
        fix: 'choose another; progress is kept by it',
      });
    }
    const sameNumber = earlier.find(other => other.number === lab.number);
    if (sameNumber) {
      problems.push({
        place: {file: lab.folder.shown, line: 1},
        message: `the number ${lab.number} is that of ${sameNumber.folder.shown} too`,
        fix: 'rename one of the two folders',
      });
    }
    return problems;
  });
}

function unknownLabs(labs: readonly LabSource[]): readonly Problem[] {
  const ids = labs.map(lab => lab.data.id);
  return labs.flatMap(lab =>
    (['needs', 'replaces'] as const).flatMap(field =>
      lab.data[field].flatMap((id, index) =>
        ids.includes(id)
          ? []
          : [
              {
                place: lab.page.frontMatter.placeOf(field, index),
                message: `there is no lab "${id}"`,
                fix: suggestion(
                  id,
                  ids.filter(other => other !== lab.data.id),
                ),
              },
            ],
      ),
    ),
  );
}

function cycles(labs: readonly LabSource[]): readonly Problem[] {
  // Of two labs with one id the first counts.
  const byId = new Map([...labs].reverse().map(lab => [lab.data.id, lab]));
  return labs.flatMap(lab => {
    const path = pathTo(lab.data.id, lab.data.needs, byId);
    if (!path) return [];
    return [
      {
        place: lab.page.frontMatter.placeOf('needs'),
        message: `the lab needs itself: ${[lab.data.id, ...path].join(' -> ')}`,
        fix: 'take one of these needs away',
      },
    ];
  });
}

function pathTo(
  goal: string,
  from: readonly string[],
  byId: ReadonlyMap<string, LabSource>,
  visited: Set<string> = new Set(),
): readonly string[] | undefined {
  for (const id of from) {
    if (id === goal) return [id];
    if (visited.has(id)) continue;
    visited.add(id);
    const rest = pathTo(goal, byId.get(id)?.data.needs ?? [], byId, visited);
    if (rest) return [id, ...rest];
  }
  return undefined;
}
