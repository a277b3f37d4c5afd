import {exits} from '../process.ts';
import {LoopControl, ShellExit} from './control-flow.ts';
import type {Builtins, Shell, Streams} from './interpreter.ts';
import {parseScript} from './parser.ts';

export const builtins: Builtins = Object.assign(Object.create(null), {
  ':': () => 0,
  exit({shell, argv}) {
    throw new ShellExit(argv[1] === undefined ? shell.lastStatus : Number(argv[1]) & 0xff);
  },
  break({argv}) {
    throw new LoopControl('break', Number(argv[1] ?? 1));
  },
  continue({argv}) {
    throw new LoopControl('continue', Number(argv[1] ?? 1));
  },
  async cd({shell, argv, streams}) {
    const to = argv[1] ?? shell.lookup('HOME') ?? '/';
    const entry = shell.process.view.files.find(to, shell.cwd);
    if (entry?.type !== 'directory') {
      await streams.stderr.write(`${shell.name}: 1: cd: can't cd to ${to}\n`);
      return 2;
    }
    shell.cwd = new URL(`file://${shell.cwd.endsWith('/') ? shell.cwd : `${shell.cwd}/`}`).pathname;
    shell.cwd = new URL(to, `file://${shell.cwd}`).pathname.replace(/(.)\/$/, '$1');
    shell.variables.set('PWD', shell.cwd);
    return 0;
  },
  async command({shell, argv, streams}) {
    if (argv[1] === '-v' || argv[1] === '-V') return locate(shell, argv.slice(2), streams);
    return argv.length < 2 ? 0 : shell.runProgram(argv.slice(1), streams);
  },
  async type({shell, argv, streams}) {
    return locate(shell, argv.slice(1), streams);
  },
  async eval({shell, argv, streams}) {
    await shell.runList(parseScript(argv.slice(1).join(' ')), streams);
    return shell.lastStatus;
  },
  async exec({shell, argv, streams}) {
    if (argv.length < 2) return 0;
    throw new ShellExit(await shell.runProgram(argv.slice(1), streams));
  },
  async export({shell, argv, streams}) {
    for (const word of argv.slice(1)) {
      const [, name = word, value] = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(word) ?? [];
      if (value !== undefined) shell.variables.set(name, value);
      if (name !== '-p') shell.exported.add(name);
    }
    if (argv.length > 1 && argv[1] !== '-p') return 0;
    for (const name of [...shell.exported].sort()) {
      await streams.stdout.write(`export ${name}='${shell.variables.get(name) ?? ''}'\n`);
    }
    return 0;
  },
  unset({shell, argv}) {
    for (const name of argv.slice(1)) {
      shell.variables.delete(name);
      shell.exported.delete(name);
    }
    return 0;
  },
  async read({shell, argv, streams}) {
    const names = argv.slice(1).filter(word => !word.startsWith('-'));
    const line = await streams.stdin.readLine();
    const words = (line ?? '').trim().split(/[ \t]+/);
    for (const [index, name] of names.entries()) {
      const value = index === names.length - 1 ? words.slice(index).join(' ') : (words[index] ?? '');
      shell.variables.set(name, value);
    }
    return line === undefined ? 1 : 0;
  },
  async set({shell, argv, streams}) {
    if (argv.length === 1) {
      for (const [name, value] of [...shell.variables].sort())
        await streams.stdout.write(`${name}='${value}'\n`);
    }
    for (const word of argv.slice(1)) {
      const on = word.startsWith('-');
      if (word.includes('e')) shell.options.exitOnError = on;
      if (word.includes('x')) shell.options.trace = on;
    }
    return 0;
  },
  shift({shell, argv}) {
    shell.shift(Number(argv[1] ?? 1));
    return 0;
  },
  async trap() {
    // Nothing here is killed by a signal that a trap could catch.
    return 0;
  },
} satisfies Builtins);

async function locate(shell: Shell, names: readonly string[], streams: Streams): Promise<number> {
  let status = 0;
  for (const name of names) {
    if (builtins[name]) await streams.stdout.write(`${name}\n`);
    else if (shell.findProgram(name)) await streams.stdout.write(`/usr/bin/${name.split('/').pop()}\n`);
    else status = exits.notFound;
  }
  return status;
}
