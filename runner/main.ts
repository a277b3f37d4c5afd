import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {start} from './cli/start.ts';
import {exitCodes} from './errors.ts';

// A reader that went away (`| head`) is no fault.
process.stdout.on('error', error => {
  if ('code' in error && error.code === 'EPIPE') process.exit(exitCodes.passed);
});

const exitCode = await start({
  argv: process.argv.slice(2),
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  directory: process.cwd(),
  pid: process.pid,
  nodePath: process.execPath,
  platform: process.platform,
  homeFolder: os.homedir(),
  programFolder: path.dirname(fileURLToPath(import.meta.url)),
  isRoot: process.getuid?.() === 0,
  suspend() {
    // The whole group, since a shell waits for npm when npm started us.
    process.kill(0, 'SIGTSTP');
  },
  onSignal(handler) {
    const signals = ['SIGINT', 'SIGTERM'] as const;
    let times = 0;
    const listener = (signal: NodeJS.Signals): void => {
      times += 1;
      // Somebody who asks a second time doesn't want to wait for the clean end.
      if (times > 1) process.exit(signal === 'SIGINT' ? exitCodes.interrupted : exitCodes.terminated);
      handler(signal as (typeof signals)[number]);
    };
    for (const signal of signals) process.on(signal, listener);
    return () => {
      for (const signal of signals) process.off(signal, listener);
    };
  },
});
process.exitCode = exitCode;

/** For what is cut off to be closed, in milliseconds. */
const farewell = 500;
const isInterrupted = exitCode === exitCodes.interrupted || exitCode === exitCodes.terminated;
// A request to a cluster that hangs would keep the process, and whoever interrupted it waits for nothing.
if (isInterrupted) setTimeout(() => process.exit(exitCode), farewell).unref();
