import path from 'node:path';
import type {CheckBlock, CommandBlock, EngineName, FileBlock, Lab} from '../catalog/lab.ts';
import {readShell} from '../catalog/shell.ts';
import type {Conditions} from '../checks/conditions.ts';
import type {Partial} from '../checks/context.ts';
import {type ConditionResult, type ReviewsPicture, type Verdict, verdictOf} from '../checks/result.ts';
import {everySecond} from '../checks/wait.ts';
import {WorkshopError} from '../errors.ts';
import {makeFolder} from '../make-folder.ts';
import {type BackgroundDue, resetCommands} from '../state/plan.ts';
import {unifiedDiff} from './diff.ts';
import {ownCommand} from './events.ts';
import {withPlaces} from './fault-place.ts';
import {fileFault} from './file-fault.ts';
import {readIfThere} from './files.ts';
import {createLabBackground} from './lab-background.ts';
import {rejectionOf} from './rejection.ts';
import {
  type BlockOutcome,
  type CommandRunnerOptions,
  createCommandRunner,
  problemOf,
  tellRouted,
} from './run-command.ts';
import {readCall} from './standing/call.ts';
import {visitors} from './visitors.ts';
import {createPatience, createWaitTeller} from './waiting.ts';
import {writeBlock, writeLearnerFile} from './work-folder.ts';

export interface ExecutorOptions extends CommandRunnerOptions {
  engine: EngineName;
  /** The environment of what goes on in the background, where that is another one: its port must be free. */
  backgroundEnvironment?(): Promise<Record<string, string>>;
  conditions: Conditions;
  /** Tells each load of the page, for who records all of them. */
  tellsLoads?: boolean;
  now(): number;
  /** Frees what the checks hold: browser, port-forwards. */
  release(): Promise<void>;
}

/** Does the work of a session: commands, files, checks and resets, told to the view as they happen. */
export interface Executor {
  /** Has a browser ready by the time the first check wants one. */
  warmUp(): void;
  beginLab(lab: Lab): Promise<void>;
  /** What it did is told to the view. */
  runBlock(lab: Lab, block: string, signal: AbortSignal): Promise<BlockOutcome>;
  runCheck(lab: Lab, block: string, options: {signal: AbortSignal; quiet: boolean}): Promise<Verdict>;
  /** Whether the conditions of a check hold, without a word to the view. */
  holds(block: CheckBlock, signal: AbortSignal): Promise<boolean>;
  runReset(lab: Lab, signal: AbortSignal): Promise<boolean>;
  /** A command that the learner typed; its outcome changes nothing but what is on the screen. */
  runOwn(text: string, signal: AbortSignal): Promise<void>;
  /** Opens the learner's editor on a file of the lab. @returns whether the file is there afterwards. */
  editFile(lab: Lab, block: string): Promise<boolean>;
  /** Loads the page as every visitor and tells each load, until the signal. */
  watchTraffic(signal: AbortSignal): Promise<void>;
  /** How the reviews looked to each visitor in the last check of the page. */
  pictures(): Promise<readonly ReviewsPicture[]>;
  /** Starts again what went on in the background when an earlier session ended; one that goes on is left alone. */
  resumeBackground(due: readonly BackgroundDue[]): void;
  /** Stops one of them, or starts it again. */
  setBackground(command: string, on: boolean): Promise<void>;
  close(): Promise<void>;
}

/** How long the API server may take to say whether it would have a file, in milliseconds. */
const dryRunTimeout = 15_000;

export function createExecutor(options: ExecutorOptions): Executor {
  const {view, processes, workFolder, now} = options;
  const ending = new AbortController();
  const runInForeground = createCommandRunner(options);
  const background = createLabBackground({
    view,
    processes,
    directory: workFolder,
    environment: options.backgroundEnvironment ?? options.environment,
  });

  function blockOf(lab: Lab, id: string): CommandBlock | FileBlock | CheckBlock {
    for (const block of [...lab.steps.flatMap(step => step.blocks), ...lab.reset]) {
      if ('id' in block && block.id === id) return block;
    }
    throw new Error(`Lab "${lab.id}" has no block "${id}".`);
  }

  async function runCommand(lab: Lab, block: CommandBlock, signal: AbortSignal): Promise<BlockOutcome> {
    view.event({
      type: 'command-started',
      lab: lab.id,
      block: block.id,
      text: block.text,
      background: block.background,
    });
    if (block.background) return (await runInBackground(lab, block, signal)) ? 'done' : 'failed';
    return runInForeground(block, signal);
  }

  async function runOwn(text: string, signal: AbortSignal): Promise<void> {
    const block = ownCommand;
    view.event({type: 'command-started', lab: '', block, text, background: false});
    const watch = options.watchRouted?.(text, signal);
    const result = await processes.shell({
      text,
      directory: workFolder,
      env: await options.environment(),
      signal,
      onOutput: (output, stream) => view.event({type: 'command-output', block, text: output, stream}),
    });
    const ok = result.exitCode === 0 && !result.cancelled;
    view.event({
      type: 'command-finished',
      block,
      exitCode: result.exitCode,
      wanted: 0,
      ok,
      background: false,
      timedOut: false,
      cancelled: result.cancelled,
      milliseconds: result.milliseconds,
      ...(ok ? {} : {problem: problemOf(result, {timeout: 0, exit: 0})}),
    });
    if (ok) await tellRouted(view, block, watch);
  }

  async function editFile(block: FileBlock): Promise<boolean> {
    const env = await options.environment();
    const editor = env['VISUAL'] || env['EDITOR'] || 'vi';
    await makeFolder(workFolder);
    const open = () =>
      processes.interactive({
        command: '/bin/sh',
        // The setting may hold arguments, as in `code --wait`.
        args: ['-c', `exec ${editor} "$1"`, 'sh', block.name],
        directory: workFolder,
        env,
      });
    const code = await (view.lend ? view.lend(open) : open());
    if (code !== 0) {
      const remedy = code === 127 ? ' Set EDITOR to an editor that is there, such as nano.' : '';
      view.event({type: 'note', text: `The editor "${editor}" ended with exit code ${code}.${remedy}`});
    }
    const content = await readIfThere(path.join(workFolder, block.name));
    if (content !== undefined) {
      view.event({
        type: 'file-edited',
        block: block.id,
        name: block.name,
        asShown: content === block.content,
      });
    }
    return content !== undefined;
  }

  async function runInBackground(lab: Lab, block: CommandBlock, signal: AbortSignal): Promise<boolean> {
    const startedAt = now();
    const ended = await background.start(lab, block, signal);
    const ok = ended === undefined || ended.exitCode === block.exit;
    view.event({
      type: 'command-finished',
      block: block.id,
      exitCode: ended?.exitCode ?? 0,
      wanted: block.exit,
      ok,
      background: true,
      timedOut: false,
      cancelled: signal.aborted,
      milliseconds: now() - startedAt,
      ...(ok ? {} : {problem: `It should go on running, but ended with exit code ${ended?.exitCode}.`}),
    });
    return ok;
  }

  /** A file that can't be written is the learner's to mend, and no reason to end. @returns whether it worked. */
  async function told(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof WorkshopError)) throw error;
      view.event({type: 'problem', error});
      return false;
    }
  }

  /** Manifests of a lab that could not be laid out: a command that names one of them must not use what stands there. */
  const amiss = new Set<string>();

  async function lay(lab: Lab, only?: readonly string[]): Promise<boolean> {
    const wanted = lab.manifests.filter(({name}) => only?.includes(name) ?? true);
    for (const {name, content} of wanted) {
      amiss.add(name);
      await told(async () => {
        const {before: _, ...file} = await writeLearnerFile(workFolder, name, content);
        amiss.delete(name);
        if (file.change === 'updated') view.event({type: 'file-written', block: '', ...file});
      });
    }
    return !wanted.some(({name}) => amiss.has(name));
  }

  /** Asked without being carried out, whoever tried to apply the file and wherever. */
  async function rejectedNow(text: string, signal: AbortSignal): Promise<string | undefined> {
    const call = readCall(text);
    const applies = call?.program === 'kubectl' && /^(apply|create|replace)$/.test(call.verb);
    const {files} = readShell(text);
    if (!call || !applies || files.length === 0) return undefined;
    // A file that was never written is what is missing first, and not what is wrong.
    for (const file of files) {
      const content = await readIfThere(path.resolve(workFolder, file)).catch(() => undefined);
      if (content === undefined) return undefined;
    }
    const {exitCode, stderr} = await processes.shell({
      text: `${call.text} --dry-run=server`,
      directory: workFolder,
      env: await options.environment(),
      timeout: dryRunTimeout,
      signal,
    });
    return exitCode === 0 ? undefined : rejectionOf(text, stderr, workFolder);
  }

  async function placed(lab: Lab, result: ConditionResult): Promise<ConditionResult> {
    if (result.verdict !== 'failed' || !result.why) return result;
    return {...result, why: await withPlaces(result.why, {lab, workFolder})};
  }

  /** A file that can't be applied comes before whatever is missing in the cluster because of it. */
  async function withFileFault(
    lab: Lab,
    check: CheckBlock,
    result: ConditionResult,
    signal: AbortSignal,
  ): Promise<ConditionResult> {
    if (result.verdict !== 'failed') return result;
    const step = lab.steps.find(({blocks}) => blocks.includes(check));
    for (const block of step?.blocks ?? []) {
      if (block.kind !== 'command') continue;
      const fault = (await fileFault(block.text, workFolder)) ?? (await rejectedNow(block.text, signal));
      if (!fault) continue;
      const sentence = `The file of this step can't be applied: ${fault}`;
      return {...result, why: [{code: 'broken-file', sentence, command: block.text}, ...(result.why ?? [])]};
    }
    return result;
  }

  async function writeFile(block: FileBlock): Promise<void> {
    const written = await writeBlock(workFolder, block);
    const {before, ...told} = written;
    const diff = before === undefined ? undefined : await unifiedDiff(block.name, before, block.content);
    view.event({type: 'file-written', block: block.id, ...told, ...(diff ? {diff} : {})});
  }

  return {
    warmUp: () => options.conditions.warmUp(ending.signal),
    async beginLab(lab) {
      await makeFolder(workFolder);
      await lay(lab);
    },
    async runBlock(lab, id, signal) {
      const block = blockOf(lab, id);
      if (block.kind === 'command') {
        const {files} = readShell(block.text);
        const isAmiss = files.some(name => amiss.has(name)) && !(await lay(lab, files));
        return isAmiss ? 'failed' : runCommand(lab, block, signal);
      }
      if (block.kind === 'file') return (await told(() => writeFile(block))) ? 'done' : 'failed';
      throw new Error(`Block "${id}" of lab "${lab.id}" is a check.`);
    },
    async runCheck(lab, id, {signal, quiet}) {
      const block = blockOf(lab, id);
      if (block.kind !== 'check') throw new Error(`Block "${id}" of lab "${lab.id}" is no check.`);
      const startedAt = now();
      const labels = block.conditions.map(condition => options.conditions.label(condition));
      view.event({type: 'check-started', lab: lab.id, block: id, labels, quiet});
      const results: ConditionResult[] = [];
      const tellWait = createWaitTeller(wait => view.event({type: 'waiting', ...wait}), now);
      for (const [index, condition] of block.conditions.entries()) {
        let last: Partial = {seen: 'being looked at'};
        const patience = createPatience(elapsed => {
          const {seen, bound} = last;
          view.event({
            type: 'waiting',
            text: `${labels[index]}: ${seen}; ${Math.round(elapsed / 1000)} s so far`,
            elapsed,
            ...(bound === undefined ? {} : {bound}),
          });
        }, now);
        const look = options.conditions.check(condition, {
          signal,
          name: path.join(lab.folder, `${id}-${index + 1}`),
          ...(options.tellsLoads && !quiet
            ? {onLoad: load => view.event({type: 'observed', block: id, index, ...load})}
            : {}),
          onProgress(partial) {
            const {waiting, bound: _, ...shown} = partial;
            last = partial;
            view.event({type: 'condition-progress', block: id, index, ...shown});
            // What is only noticed keeps nobody waiting.
            if (quiet || !waiting) return;
            tellWait(waiting);
            patience.heard();
          },
        });
        const result = await (quiet ? look : everySecond(look, patience.tick));
        // Of what is only noticed no failure is shown, and each look costs the cluster a request.
        const told =
          quiet || results.some(other => other.verdict === 'failed')
            ? result
            : await withFileFault(lab, block, await placed(lab, result), signal);
        results.push(told);
        view.event({type: 'condition-finished', block: id, index, result: told, quiet});
        // What was only noticed is not looked at further than its first failure.
        if (quiet && result.verdict !== 'passed') break;
      }
      const verdict = verdictOf(results);
      view.event({
        type: 'check-finished',
        lab: lab.id,
        block: id,
        verdict,
        milliseconds: now() - startedAt,
        quiet,
      });
      return verdict;
    },
    async holds(block, signal) {
      for (const condition of block.conditions) {
        const {verdict} = await options.conditions.check(condition, {signal, onProgress: () => {}});
        if (verdict !== 'passed') return false;
      }
      return true;
    },
    async runReset(lab, signal) {
      // What it forwards to is about to go.
      await background.stopLab(lab);
      for (const block of resetCommands(lab, options.engine)) {
        if ((await runCommand(lab, block, signal)) !== 'done') return false;
      }
      return true;
    },
    setBackground: background.set,
    runOwn,
    async editFile(lab, id) {
      const block = blockOf(lab, id);
      if (block.kind !== 'file') throw new Error(`Block "${id}" of lab "${lab.id}" is no file.`);
      let saved = false;
      await told(async () => {
        saved = await editFile(block);
      });
      return saved;
    },
    watchTraffic: signal =>
      options.conditions.watchTraffic({
        visitors,
        signal,
        onLoad: load => view.event({type: 'traffic', load}),
      }),
    pictures: () => options.conditions.pictures(),
    resumeBackground: background.resume,
    async close() {
      ending.abort();
      await background.stopAll();
      await options.release();
    },
  };
}
