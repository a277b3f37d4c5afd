/** The values of an option that may be given more than once, and may name several with commas between. */
export function listOf(given: readonly string[] | undefined): readonly string[] {
  return (given ?? []).flatMap(text => text.split(',')).flatMap(text => text.trim() || []);
}

/** Gathers an option that may be given more than once, for commander. */
export function gather(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}
