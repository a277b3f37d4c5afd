/** Choices that follow from a seed. */
export interface Choices {
  /** A whole number from 0 and below `count`. */
  upTo(count: number): number;
  one<T>(list: readonly T[]): T;
  /** Between `least` and `most` different entries. */
  some<T>(list: readonly T[], least: number, most: number): T[];
  chance(share: number): boolean;
  /** The value in that share of all calls, else `{}`: for spreading. */
  maybe<T extends object>(share: number, value: () => T): Partial<T>;
}

/** The same choices for the same seed. */
export function choices(seed: number): Choices {
  let state = seed | 0;
  function next(): number {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  }
  const upTo = (count: number) => Math.floor(next() * count);
  const chance = (share: number) => next() < share;
  return {
    upTo,
    chance,
    one: <T>(list: readonly T[]) => list[upTo(list.length)] as T,
    some<T>(list: readonly T[], least: number, most: number): T[] {
      const left = [...list];
      const count = Math.min(left.length, least + upTo(most - least + 1));
      return Array.from({length: count}, () => left.splice(upTo(left.length), 1)[0] as T);
    },
    maybe: (share, value) => (chance(share) ? value() : {}),
  };
}
