/** What decides which browsers can run here; passed in, so that tests can be any system. */
export interface System {
  platform: NodeJS.Platform;
  arch: string;
  /** Linux with the GNU C library; Chromium has no build for others, such as Alpine's musl. */
  glibc: boolean;
  root: boolean;
  ci: boolean;
}

export function describeSystem(env: Readonly<Record<string, string | undefined>>): System {
  return {
    platform: process.platform,
    arch: process.arch,
    glibc: process.platform === 'linux' && hasGlibc(),
    root: process.getuid?.() === 0,
    ci: env.CI !== undefined && env.CI !== '' && env.CI !== 'false',
  };
}

function hasGlibc(): boolean {
  const report = process.report?.getReport() as {header?: {glibcVersionRuntime?: string}} | undefined;
  return report?.header?.glibcVersionRuntime !== undefined;
}
