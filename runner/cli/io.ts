/** What of the outside is plain data, so that it can be handed to a thread. */
export interface Surroundings {
  env: Readonly<Record<string, string | undefined>>;
  directory: string;
  pid: number;
  /** The Node that runs us. */
  nodePath: string;
  platform: NodeJS.Platform;
  homeFolder: string;
  /** Where the built program lies: `labs.json`, `sandbox.mjs`, `tools/`. */
  programFolder: string;
  isRoot: boolean;
}

/** Everything of the outside that the command line uses; only `main.ts` touches the real process. */
export interface Io extends Surroundings {
  argv: readonly string[];
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  /** Puts this program aside as a shell's Ctrl+Z does; returns when it is brought back. */
  suspend(): void;
  /** Calls back on SIGINT and SIGTERM until the returned function is called. */
  onSignal(handler: (signal: 'SIGINT' | 'SIGTERM') => void): () => void;
}
