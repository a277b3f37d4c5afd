/**
 * Does something while the program's temporary folder is another one. Playwright puts a browser's profile there, and
 * takes the folder from the environment alone.
 */
export async function withTemporaryFolder<T>(folder: string | undefined, work: () => Promise<T>): Promise<T> {
  if (folder === undefined) return work();
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  try {
    return await work();
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
}
