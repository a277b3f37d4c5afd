import {execa} from 'execa';

export interface Finished {
  exitCode: number;
  stdout: string;
  stderr: string;
  timedOut: boolean;
}

export type RunProcess = (options: {
  command: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
  folder?: string;
  /** Milliseconds. */
  timeout?: number;
  signal?: AbortSignal;
}) => Promise<Finished>;

/**
 * The one place where `verify` starts processes. Never throws for what the process did; a command that does not exist
 * ends with 127, as in a shell.
 */
export const runProcess: RunProcess = async ({command, args, env, folder, timeout, signal}) => {
  const result = await execa(command, [...args], {
    reject: false,
    stdin: 'ignore',
    cleanup: true,
    ...(env === undefined ? {} : {env}),
    ...(folder === undefined ? {} : {cwd: folder}),
    ...(timeout === undefined ? {} : {timeout, forceKillAfterDelay: 2000}),
    ...(signal === undefined ? {} : {cancelSignal: signal}),
  });
  return {
    exitCode: result.exitCode ?? (result.code === 'ENOENT' ? 127 : 1),
    stdout: String(result.stdout ?? ''),
    stderr: String(result.stderr ?? '') || (result.failed ? (result.shortMessage ?? '') : ''),
    timedOut: result.timedOut,
  };
};
