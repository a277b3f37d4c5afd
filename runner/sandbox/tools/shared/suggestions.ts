function distance(left: string, right: string): number {
  let row = Array.from({length: right.length + 1}, (_, index) => index);
  for (let index = 1; index <= left.length; index++) {
    const next = [index];
    for (let other = 1; other <= right.length; other++) {
      const change = left[index - 1] === right[other - 1] ? 0 : 1;
      next[other] = Math.min(
        (row[other] ?? 0) + 1,
        (next[other - 1] ?? 0) + 1,
        (row[other - 1] ?? 0) + change,
      );
    }
    row = next;
  }
  return row[right.length] ?? 0;
}

/** Names near a mistyped one, by the rule of Go's cobra: two edits away, or beginning with it. */
export function suggestions(typed: string, names: readonly string[]): string[] {
  const lower = typed.toLowerCase();
  return names.filter(
    name => distance(lower, name.toLowerCase()) <= 2 || name.toLowerCase().startsWith(lower),
  );
}
