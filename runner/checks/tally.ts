import type {Observation} from '../../verify/observation.ts';
import type {StarsWanted} from '../catalog/lab.ts';
import type {VisitorRow} from './result.ts';
import {starsWord} from './stars-word.ts';
import {visitorsOf, wantedText} from './wanted.ts';
import type {VersionWitness} from './witnesses.ts';

export interface Tally {
  add(observation: Observation, right: boolean, counts: boolean): void;
  rows(): readonly VisitorRow[];
  /** Resolves when every pod that was seen has been looked up. */
  settled(): Promise<unknown>;
  failedStatic(): readonly string[];
}

/** Keeps each visitor's line of the table while the loads come in. */
export function createTally(
  witness: VersionWitness,
  wanted: StarsWanted,
  onChange: (rows: readonly VisitorRow[]) => void,
): Tally {
  const rows = new Map<string, VisitorRow>();
  const versions = new Map<string, Set<string>>();
  const failedStatic = new Set<string>();
  const lookups: Promise<void>[] = [];
  const all = (): readonly VisitorRow[] => [...rows.values()];

  for (const visitor of visitorsOf(wanted)) {
    const expected = wanted.mode === 'each' ? (wanted.visitors[visitor] ?? '') : wantedText(wanted);
    rows.set(visitor, {visitor, expected, stars: [], seen: '', good: 0, loads: 0});
  }

  async function noteVersion(visitor: string, pod: string): Promise<void> {
    const version = await witness.versionOf(pod).catch(() => undefined);
    const row = rows.get(visitor);
    if (!version || !row) return;
    const seen = versions.get(visitor) ?? new Set();
    versions.set(visitor, seen.add(version));
    rows.set(visitor, {...row, version: [...seen].sort().join(' ')});
  }

  return {
    add(observation, right, counts) {
      const {visitor, filledStars, stars, pod, remark, milliseconds} = observation;
      const row = rows.get(visitor);
      if (!row) return;
      // Once a load was wrong, that is what the line must go on showing.
      const decided = row.loads > row.good;
      const {remark: _, ...rest} = row;
      rows.set(visitor, {
        ...rest,
        ...(decided
          ? row.remark
            ? {remark: row.remark}
            : {}
          : {stars: filledStars, seen: starsWord(observation), milliseconds, ...(remark ? {remark} : {})}),
        good: row.good + (counts && right ? 1 : 0),
        loads: row.loads + (counts ? 1 : 0),
      });
      for (const file of observation.failedStatic) failedStatic.add(file);
      if (pod && stars !== 'unavailable' && counts) lookups.push(noteVersion(visitor, pod));
      onChange(all());
    },
    rows: all,
    settled: () => Promise.all(lookups),
    failedStatic: () => [...failedStatic],
  };
}
