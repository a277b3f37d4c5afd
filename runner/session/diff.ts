/** What changed in a file, as `diff -u` shows it, without the header's dates. */
export async function unifiedDiff(name: string, before: string, after: string): Promise<string> {
  const {createTwoFilesPatch} = await import('diff');
  const patch = createTwoFilesPatch(`a/${name}`, `b/${name}`, before, after, undefined, undefined, {
    context: 2,
  });
  return patch.split('\n').slice(1).join('\n');
}
