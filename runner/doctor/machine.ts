import type {ProcessRunner} from '../processes.ts';

/** What answered at an address: nothing, or when it says it is. */
export type Reached = {ok: true; milliseconds: number; date?: number} | {ok: false; reason: string};

/** All that the doctor looks at, passed in so that tests own it. */
export interface Machine {
  env: Readonly<Record<string, string>>;
  platform: NodeJS.Platform;
  /** `os.release()`: tells WSL. */
  release: string;
  nodeVersion: string;
  processes: ProcessRunner;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Whether a program of this name is on PATH. */
  has(program: string): boolean;
  /** Bytes that are free where the folder is, or undefined where that can't be told. */
  freeBytes(folder: string): Promise<number | undefined>;
  isPortFree(port: number): Promise<boolean>;
  reach(url: string, signal: AbortSignal): Promise<Reached>;
  /** The browser that would be used, in words. */
  browser(): Promise<string | undefined>;
}

export function isWsl({platform, release}: Pick<Machine, 'platform' | 'release'>): boolean {
  return platform === 'linux' && /microsoft/i.test(release);
}
