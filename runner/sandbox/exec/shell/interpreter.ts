import {Collector, discard, Input, Pipe} from '../input.ts';
import {exits, type Process, type Program, runProgram} from '../process.ts';
import {BrokenPipe, type Sink} from '../sink.ts';
import {LoopControl, ShellExit} from './control-flow.ts';
import {type Expander, expandFields, expandText} from './expand.ts';
import {parseScript} from './parser.ts';
import {
  type AndOr,
  type Command,
  type List,
  type Pipeline,
  type Redirection,
  ShellSyntaxError,
} from './syntax.ts';

export interface ShellOptions {
  /** `sh`, `bash`: the name in messages. */
  name: string;
  /** `$0` and the positional parameters. */
  parameters: readonly string[];
  process: Process;
  /** Looks a program up as `PATH` does. */
  findProgram: (name: string) => Program | undefined;
  builtins: Builtins;
}

/** The commands that change the shell itself. */
export type Builtins = Readonly<Record<string, Builtin | undefined>>;

type Builtin = (call: {shell: Shell; argv: readonly string[]; streams: Streams}) => Promise<number> | number;

/** The descriptors of one command. */
export interface Streams {
  stdin: Input;
  stdout: Sink;
  stderr: Sink;
}

/** Commands that ran without a wait; the loop then gives others a turn, so that it can be interrupted. */
const burst = 200;

/** A small POSIX shell over simulated programs. */
export class Shell implements Expander {
  readonly name: string;
  /** Replaced by an interactive shell, which gives each line a signal of its own. */
  process: Process;
  readonly findProgram: (name: string) => Program | undefined;
  readonly builtins: Builtins;
  readonly variables: Map<string, string>;
  readonly exported: Set<string>;
  readonly options = {exitOnError: false, trace: false};
  cwd: string;
  lastStatus = 0;
  #parameters: string[];
  #steps = 0;

  constructor(options: ShellOptions) {
    this.name = options.name;
    this.process = options.process;
    this.findProgram = options.findProgram;
    this.builtins = options.builtins;
    this.variables = new Map(Object.entries(options.process.env));
    this.exported = new Set(this.variables.keys());
    this.cwd = options.process.cwd;
    this.#parameters = [...options.parameters];
  }

  /** Runs a script to its end. @returns the exit code, also of `exit` and of a syntax error (2). */
  async runScript(text: string): Promise<number> {
    await this.runLine(text);
    return this.lastStatus;
  }

  /** Runs one line of an interactive shell. @returns whether it was the last one. */
  async runLine(text: string): Promise<{exited: boolean}> {
    try {
      await this.runList(parseScript(text), this.process);
      return {exited: false};
    } catch (error) {
      if (error instanceof ShellExit) {
        this.lastStatus = error.exitCode;
        return {exited: true};
      }
      if (error instanceof LoopControl) return {exited: false};
      if (!(error instanceof ShellSyntaxError)) throw error;
      await this.process.stderr.write(`${this.name}: 1: ${error.message}\n`);
      this.lastStatus = 2;
      return {exited: false};
    }
  }

  lookup(name: string): string | undefined {
    if (name === '?') return String(this.lastStatus);
    if (name === '#') return String(this.#parameters.length - 1);
    if (name === '$') return '1';
    if (name === '!') return '';
    if (name === '@' || name === '*') return this.parameters().join(' ');
    if (/^\d$/.test(name)) return this.#parameters[Number(name)];
    return this.variables.get(name);
  }

  parameters(): readonly string[] {
    return this.#parameters.slice(1);
  }

  shift(count: number): void {
    this.#parameters.splice(1, count);
  }

  async substitute(script: List): Promise<string> {
    const collector = new Collector();
    this.lastStatus = await this.#subshell().#runContained(script, {
      stdin: this.process.stdin,
      stdout: collector,
      stderr: this.process.stderr,
    });
    return collector.text();
  }

  async runList(list: List, streams: Streams): Promise<void> {
    for (const andOr of list) {
      await this.#runAndOr(andOr, streams);
      if (
        this.lastStatus !== 0 &&
        this.options.exitOnError &&
        andOr.rest.length === 0 &&
        !andOr.first.negated
      ) {
        throw new ShellExit(this.lastStatus);
      }
    }
  }

  async #runAndOr(andOr: AndOr, streams: Streams): Promise<void> {
    await this.#runPipeline(andOr.first, streams);
    for (const {operator, pipeline} of andOr.rest) {
      if ((this.lastStatus === 0) === (operator === '&&')) await this.#runPipeline(pipeline, streams);
    }
  }

  async #runPipeline({commands, negated}: Pipeline, streams: Streams): Promise<void> {
    const [only, ...others] = commands;
    if (only && others.length === 0) this.lastStatus = await this.#runCommand(only, streams);
    else {
      const pipes = others.map(() => new Pipe());
      const stages = commands.map(async (command, index) => {
        const before = pipes[index - 1];
        const after = pipes[index];
        try {
          return await this.#subshell().#runContained(
            [{first: {negated: false, commands: [command]}, rest: []}],
            {
              stdin: before?.input ?? streams.stdin,
              stdout: after?.sink ?? streams.stdout,
              stderr: streams.stderr,
            },
          );
        } finally {
          before?.endReading();
          after?.endWriting();
        }
      });
      this.lastStatus = (await Promise.all(stages)).at(-1) ?? 0;
    }
    if (negated) this.lastStatus = this.lastStatus === 0 ? 1 : 0;
  }

  async #runCommand(command: Command, outer: Streams): Promise<number> {
    if (this.process.signal.aborted) throw new ShellExit(exits.interrupted);
    if (++this.#steps % burst === 0) await new Promise(resolve => setImmediate(resolve));
    const streams = await this.#redirect(command.redirections, outer);
    if (!streams) return 1;
    switch (command.type) {
      case 'simple':
        return this.#runSimple(command, streams);
      case 'group':
        if (command.subshell) return this.#subshell().#runContained(command.body, streams);
        await this.runList(command.body, streams);
        return this.lastStatus;
      case 'if':
        for (const branch of command.branches) {
          if ((await this.#condition(branch.condition, streams)) === 0) {
            await this.runList(branch.body, streams);
            return branch.body.length === 0 ? 0 : this.lastStatus;
          }
        }
        if (!command.otherwise) return 0;
        await this.runList(command.otherwise, streams);
        return this.lastStatus;
      case 'for': {
        const values = command.words ? await expandFields(command.words, this) : this.parameters();
        this.lastStatus = 0;
        for (const value of values) {
          this.variables.set(command.variable, value);
          if (!(await this.#loopBody(command.body, streams))) break;
        }
        return this.lastStatus;
      }
      case 'while': {
        let status = 0;
        while (((await this.#condition(command.condition, streams)) === 0) !== command.until) {
          const goesOn = await this.#loopBody(command.body, streams);
          status = this.lastStatus;
          if (!goesOn) break;
        }
        return status;
      }
    }
  }

  async #condition(list: List, streams: Streams): Promise<number> {
    const {exitOnError} = this.options;
    this.options.exitOnError = false;
    try {
      await this.runList(list, streams);
      return this.lastStatus;
    } finally {
      this.options.exitOnError = exitOnError;
    }
  }

  /** @returns false when the loop is left. */
  async #loopBody(body: List, streams: Streams): Promise<boolean> {
    try {
      await this.runList(body, streams);
      return true;
    } catch (error) {
      if (!(error instanceof LoopControl)) throw error;
      if (--error.levels > 0) throw error;
      this.lastStatus = 0;
      return error.kind === 'continue';
    }
  }

  async #runSimple(command: Command & {type: 'simple'}, streams: Streams): Promise<number> {
    const before = this.lastStatus;
    const argv = await expandFields(command.words, this);
    const values: [string, string][] = [];
    for (const {name, value} of command.assignments) values.push([name, await expandText(value, this)]);
    const [name] = argv;
    if (name === undefined) {
      for (const [variable, value] of values) this.variables.set(variable, value);
      // `x=$(false)` has the exit code of its command.
      const ran = command.assignments.some(({value}) => value.some(part => part.type === 'command'));
      return ran ? this.lastStatus : 0;
    }
    if (this.options.trace) await streams.stderr.write(`+ ${argv.join(' ')}\n`);
    const builtin = this.builtins[name];
    if (builtin) {
      this.lastStatus = before;
      for (const [variable, value] of values) this.variables.set(variable, value);
      return builtin({shell: this, argv, streams});
    }
    return this.runProgram(argv, streams, Object.fromEntries(values));
  }

  /** Runs a program that is no builtin. @returns 127 when there is none of that name. */
  async runProgram(
    argv: readonly string[],
    streams: Streams,
    extra: Record<string, string> = {},
  ): Promise<number> {
    const name = argv[0] as string;
    const program = this.findProgram(name);
    if (!program) {
      const text =
        this.name === 'bash'
          ? `bash: line 1: ${name}: command not found`
          : `${this.name}: 1: ${name}: not found`;
      await streams.stderr.write(`${text}\n`);
      return exits.notFound;
    }
    const env = Object.fromEntries(
      [...this.exported].flatMap(key => {
        const value = this.variables.get(key);
        return value === undefined ? [] : [[key, value]];
      }),
    );
    return runProgram(program, {...this.process, ...streams, argv, cwd: this.cwd, env: {...env, ...extra}});
  }

  async #redirect(redirections: readonly Redirection[], outer: Streams): Promise<Streams | undefined> {
    const streams = {stdin: outer.stdin, stdout: outer.stdout, stderr: outer.stderr};
    for (const {descriptor, kind, target} of redirections) {
      const name = await expandText(target, this);
      const slot = descriptor === 2 ? 'stderr' : 'stdout';
      if (kind === 'duplicate') {
        if (name === '-') streams[slot] = discard;
        else streams[slot] = name === '2' ? streams.stderr : streams.stdout;
      } else if (kind === 'read') {
        const entry = this.process.view.files.find(name, this.cwd);
        if (entry?.type !== 'file') {
          await outer.stderr.write(`${this.name}: 1: cannot open ${name}: No such file\n`);
          return undefined;
        }
        streams.stdin = Input.of(entry.read());
      } else if (name === '/dev/null') streams[slot] = discard;
      else if (name === '/dev/stdout') streams[slot] = outer.stdout;
      else if (name === '/dev/stderr') streams[slot] = outer.stderr;
      else {
        await outer.stderr.write(`${this.name}: 1: cannot create ${name}: Read-only file system\n`);
        return undefined;
      }
    }
    return streams;
  }

  #subshell(): Shell {
    const copy = new Shell({
      name: this.name,
      parameters: this.#parameters,
      process: this.process,
      findProgram: this.findProgram,
      builtins: this.builtins,
    });
    for (const [name, value] of this.variables) copy.variables.set(name, value);
    copy.exported.clear();
    for (const name of this.exported) copy.exported.add(name);
    copy.cwd = this.cwd;
    copy.lastStatus = this.lastStatus;
    Object.assign(copy.options, this.options);
    return copy;
  }

  /** Runs in a subshell: `exit` and a broken pipe end only it. */
  async #runContained(list: List, streams: Streams): Promise<number> {
    try {
      await this.runList(list, streams);
      return this.lastStatus;
    } catch (error) {
      if (error instanceof ShellExit && !this.process.signal.aborted) return error.exitCode;
      if (error instanceof BrokenPipe) return exits.brokenPipe;
      throw error;
    }
  }
}
