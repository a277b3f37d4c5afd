import os from 'node:os';
import {runVerify} from './command.ts';
import {terminalText} from './terminal-text.ts';

/** For a fault of ours. */
const internal = 70;

runVerify(process.argv.slice(2), {
  env: process.env,
  home: os.homedir(),
  platform: process.platform,
  stdout: process.stdout,
  stderr: process.stderr,
  program: 'npm run verify --',
  onSignal(handler) {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => handler(signal));
  },
}).then(
  exitCode => {
    process.exitCode = exitCode;
  },
  error => {
    process.stderr.write(`${terminalText(String(error instanceof Error ? error.stack : error))}\n`);
    process.exitCode = internal;
  },
);
