import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {closeSync, mkdirSync, openSync} from 'node:fs';
import path from 'node:path';

export interface ChildProcesses {
  /** Starts a program in a folder of its own, which takes its output too. @returns the folder. */
  start(name: string, binary: string, args: readonly string[], env?: Record<string, string>): string;
  /** Whether all of them still run; else the name of the first that does not. */
  ended(): string | undefined;
  stop(): Promise<void>;
}

/** The programs of one rig, under one folder. */
export function childProcesses(folder: string): ChildProcesses {
  const children = new Map<string, ChildProcess>();
  return {
    start(name, binary, args, env = {}) {
      const cwd = path.join(folder, name);
      mkdirSync(cwd, {recursive: true});
      const log = openSync(path.join(cwd, 'output.log'), 'w');
      const options = {
        cwd,
        env: {...process.env, ...env},
        stdio: ['ignore', log, log] as ['ignore', number, number],
      };
      children.set(name, spawn(binary, args, options));
      closeSync(log);
      return cwd;
    },
    ended: () =>
      [...children].find(([, {exitCode, signalCode}]) => exitCode !== null || signalCode !== null)?.[0],
    async stop() {
      const running = [...children.values()].filter(
        child => child.exitCode === null && child.signalCode === null,
      );
      await Promise.all(
        running.map(async child => {
          const ended = once(child, 'exit');
          child.kill('SIGTERM');
          const late = setTimeout(() => child.kill('SIGKILL'), 500);
          await ended;
          clearTimeout(late);
        }),
      );
    },
  };
}
