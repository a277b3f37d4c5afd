import {Input} from '../input.ts';
import type {Process} from '../process.ts';

/** Opens the files named, or stdin. Those that can't be read are reported; `status` tells that there were any. */
export async function* openInputs(
  process: Process,
  names: readonly string[],
  failed: () => void,
): AsyncGenerator<{name: string; input: Input}> {
  if (names.length === 0) yield {name: '-', input: process.stdin};
  for (const name of names) {
    if (name === '-') {
      yield {name, input: process.stdin};
      continue;
    }
    const entry = process.view.files.find(name, process.cwd);
    if (entry?.type === 'file') yield {name, input: Input.of(entry.read())};
    else {
      failed();
      const why = entry ? 'Is a directory' : 'No such file or directory';
      await process.stderr.write(`${process.argv[0]}: ${name}: ${why}\n`);
    }
  }
}
