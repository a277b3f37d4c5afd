import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {closeSync, mkdirSync, openSync} from 'node:fs';
import path from 'node:path';

export interface ChildProcesses {
  /** Starts a program in a folder of its own, which takes its output too. */
  start(name: string, binary: string, args: readonly string[], env?: Record<string, string>): void;
  /** The name of the first that does not run any more. */
  ended(): string | undefined;
  stop(): Promise<void>;
}

/** Ends the program when the standard input ends: when it is told to, or when whoever started it is gone. */
const guard = 'exec 3<&0; "$0" "$@" 3<&- & child=$!; (cat <&3 >/dev/null; kill $child) & wait $child';

const hasEnded = ({exitCode, signalCode}: ChildProcess) => exitCode !== null || signalCode !== null;

/** The programs of one rig, under one folder. None outlives this process. */
export function childProcesses(folder: string): ChildProcesses {
  const children = new Map<string, ChildProcess>();
  return {
    start(name, binary, args, env = {}) {
      const cwd = path.join(folder, name);
      mkdirSync(cwd, {recursive: true});
      const log = openSync(path.join(cwd, 'output.log'), 'w');
      const child = spawn('/bin/sh', ['-c', guard, binary, ...args], {
        cwd,
        env: {...process.env, ...env},
        stdio: ['pipe', log, log],
      });
      child.stdin?.on('error', () => {});
      children.set(name, child);
      closeSync(log);
    },
    ended: () => [...children].find(([, child]) => hasEnded(child))?.[0],
    async stop() {
      await Promise.all(
        [...children.values()].map(async child => {
          const over = hasEnded(child) || once(child, 'exit');
          child.stdin?.end();
          await over;
        }),
      );
    },
  };
}
