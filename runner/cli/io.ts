/** Everything of the outside that the command line uses; only `main.ts` touches the real process. */
export interface Io {
  argv: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  directory: string;
  pid: number;
  /** The Node that runs us. */
  nodePath: string;
  platform: NodeJS.Platform;
  homeFolder: string;
  /** Where the built program lies: `labs.json`, `sandbox.mjs`, `tools/`. */
  programFolder: string;
  isRoot: boolean;
  /** Calls back on SIGINT and SIGTERM until the returned function is called. */
  onSignal(handler: (signal: 'SIGINT' | 'SIGTERM') => void): () => void;
}
