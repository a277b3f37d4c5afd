/** The candidate that a typing mistake most likely meant, or undefined when none is close. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(word.length / 3));
  const ranked = candidates
    .map(candidate => ({candidate, distance: distance(word.toLowerCase(), candidate.toLowerCase())}))
    .filter(entry => entry.distance <= limit)
    .sort((a, b) => a.distance - b.distance);
  return ranked[0]?.candidate;
}

/** Edit distance: insertions, deletions, substitutions and swaps of two neighbours count one each. */
export function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({length: b.length + 1}, (_, index) => index)];
  const at = (row: number, column: number): number => rows[row]?.[column] ?? 0;
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    rows.push(next);
    for (let j = 1; j <= b.length; j++) {
      const substitution = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      next.push(
        Math.min(
          substitution,
          at(i - 1, j) + 1,
          (next[j - 1] ?? 0) + 1,
          swapped ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
  }
  return at(a.length, b.length);
}

/** `write "stars"`, or the whole choice when nothing is close. */
export function suggestion(word: string, candidates: readonly string[]): string {
  if (candidates.length === 0) return 'take it out';
  const close = nearest(word, candidates);
  return close === undefined ? `use one of ${candidates.join(', ')}` : `write "${close}"`;
}
