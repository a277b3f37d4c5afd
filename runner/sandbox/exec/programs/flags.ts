/** What the words of a command line are: single-letter flags, their values, and the rest. */
export interface ShortFlags {
  flags: ReadonlySet<string>;
  values: ReadonlyMap<string, string>;
  operands: readonly string[];
  /** The first flag that is not known. */
  unknown: string | undefined;
}

/**
 * Reads flags as getopt does: `-sn 3` is `-s -n 3`, `--` ends them. Long ones are given by `aliases`.
 * @param withValue letters that take a value.
 */
export function shortFlags(
  words: readonly string[],
  options: {plain: string; withValue?: string; aliases?: Readonly<Record<string, string>>},
): ShortFlags {
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const operands: string[] = [];
  const withValue = options.withValue ?? '';
  let unknown: string | undefined;
  for (let index = 0; index < words.length; index++) {
    let word = words[index] as string;
    if (word === '--') {
      operands.push(...words.slice(index + 1));
      break;
    }
    if (word.startsWith('--')) {
      const [name = '', value] = word.split(/=(.*)/s);
      const letter = options.aliases?.[name];
      if (!letter) {
        unknown ??= word;
        continue;
      }
      if (value !== undefined) {
        values.set(letter, value);
        continue;
      }
      word = `-${letter}`;
    }
    if (!word.startsWith('-') || word === '-') {
      operands.push(word);
      continue;
    }
    for (let at = 1; at < word.length; at++) {
      const letter = word[at] as string;
      if (withValue.includes(letter)) {
        const attached = word.slice(at + 1);
        values.set(letter, attached === '' ? (words[++index] ?? '') : attached);
        break;
      }
      if (options.plain.includes(letter)) flags.add(letter);
      else unknown ??= letter;
    }
  }
  return {flags, values, operands, unknown};
}
