import {existsSync, mkdirSync} from 'node:fs';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {type Pty, startPty} from '../testing/pty.ts';
import {type TestIo, testIo} from '../testing/test-io.ts';

/** The real shells, in a terminal, with the script as their users load it. */
const shells = [
  {name: 'bash', args: ['--noprofile', '--norc'], load: 'source <(istio-workshop completion bash)'},
  {
    name: 'zsh',
    args: ['-f'],
    load: 'autoload -U compinit; compinit -u; source <(istio-workshop completion zsh)',
  },
  {name: 'fish', args: ['--no-config'], load: 'istio-workshop completion fish | source'},
].map(shell => {
  const isThere = (process.env['PATH'] ?? '')
    .split(':')
    .some(folder => existsSync(path.join(folder, shell.name)));
  return {
    ...shell,
    isThere,
    title: isThere ? shell.name : `${shell.name} (skipped: no ${shell.name} on PATH)`,
  };
});

let outside: TestIo;
let terminal: Pty | undefined;

beforeEach(() => {
  outside = testIo();
  mkdirSync(path.join(outside.folder, 'state', 'workshops', 'tuesday-morning'), {recursive: true});
  mkdirSync(path.join(outside.folder, 'labs-of-mine'));
});
afterEach(async () => {
  terminal?.kill('SIGKILL');
  await terminal?.exited;
  outside.remove();
});

/** A shell at its prompt, with completion loaded. */
async function open({name, args, load}: (typeof shells)[number]): Promise<Pty> {
  const env = Object.fromEntries(
    Object.entries(outside.io.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const tools = path.join(outside.io.programFolder, 'tools', 'bin');
  terminal = startPty({
    command: name,
    args: [...args, '-i'],
    env: {
      ...env,
      PATH: `${tools}:${env['PATH']}`,
      ISTIO_WORKSHOP_NODE: process.execPath,
      TERM: 'xterm-256color',
      PS1: 'ready> ',
    },
    directory: outside.folder,
    columns: 120,
  });
  terminal.type(`${load}; echo loa''ded\r`);
  await terminal.see('loaded');
  return terminal;
}

describe.each(shells)('completion in $title', shell => {
  it.skipIf(!shell.isThere)('knows commands, labs, workshops, values and folders', async () => {
    const app = await open(shell);
    const completes = async (typed: string, wanted: string): Promise<void> => {
      app.type(`istio-workshop ${typed}\t`);
      await app.see(`istio-workshop ${wanted}`);
      // Ctrl+U: the line is empty again.
      app.type('\u0015');
      await app.miss(`istio-workshop ${wanted}`);
    };
    await completes('sand', 'sandbox');
    await completes('sandbox stat', 'sandbox status');
    await completes('run route-jo', 'run route-john');
    await completes('run --workshop tue', 'run --workshop tuesday-morning');
    await completes('--engine=kin', '--engine=kind');
    await completes('why --as jas', 'why --as jason');
    await completes('lint labs-of', 'lint labs-of-mine/');
  });

  it.skipIf(!shell.isThere)('runs nothing of the line that is being typed', async () => {
    const app = await open(shell);
    const typed = 'istio-workshop run $(touch evaluated) route-jo';
    app.type(`${typed}\t`);
    await app.see(`${typed}hn`);
    expect(existsSync(path.join(outside.folder, 'evaluated'))).toBe(false);
  });
});
