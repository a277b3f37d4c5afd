import {mkdir} from 'node:fs/promises';
import type {CheckBlock, CommandBlock, FileBlock, Lab} from '../catalog/lab.ts';
import type {Conditions} from '../checks/conditions.ts';
import {type ConditionResult, type Verdict, verdictOf} from '../checks/result.ts';
import {exitCodes, messageOf, WorkshopError} from '../errors.ts';
import type {ProcessRunner} from '../processes.ts';
import {createBackgroundCommands} from './background.ts';
import {unifiedDiff} from './diff.ts';
import type {View} from './events.ts';
import {layManifests, writeBlock} from './work-folder.ts';

export interface ExecutorOptions {
  view: View;
  processes: ProcessRunner;
  workFolder: string;
  /** The environment of a command, made anew for each: the cluster may have come meanwhile. */
  environment(): Promise<Record<string, string>>;
  conditions: Conditions;
  now(): number;
  /** Frees what the checks hold: browser, port-forwards. */
  release(): Promise<void>;
}

/** Does the work of a session: commands, files, checks and resets, told to the view as they happen. */
export interface Executor {
  beginLab(lab: Lab): Promise<void>;
  /** @returns whether it did what it should; what it did is told to the view. */
  runBlock(lab: Lab, block: string, signal: AbortSignal): Promise<boolean>;
  runCheck(lab: Lab, block: string, options: {signal: AbortSignal; quiet: boolean}): Promise<Verdict>;
  runReset(lab: Lab, signal: AbortSignal): Promise<boolean>;
  backgroundCommands(): readonly string[];
  close(): Promise<void>;
}

export function createExecutor(options: ExecutorOptions): Executor {
  const {view, processes, workFolder, now} = options;
  const background = createBackgroundCommands({
    processes,
    directory: workFolder,
    environment: options.environment,
    onOutput: (block, text, stream) => view.event({type: 'command-output', block, text, stream}),
    onEnded: (block, exitCode) =>
      view.event({
        type: 'note',
        text: `The background command of ${block} ended with exit code ${exitCode}.`,
      }),
  });

  function blockOf(lab: Lab, id: string): CommandBlock | FileBlock | CheckBlock {
    for (const block of [...lab.steps.flatMap(step => step.blocks), ...lab.reset]) {
      if ('id' in block && block.id === id) return block;
    }
    throw new Error(`Lab "${lab.id}" has no block "${id}".`);
  }

  async function runCommand(lab: Lab, block: CommandBlock, signal: AbortSignal): Promise<boolean> {
    view.event({
      type: 'command-started',
      lab: lab.id,
      block: block.id,
      text: block.text,
      background: block.background,
    });
    if (block.background) return runInBackground(block, signal);
    const result = await processes.shell({
      text: block.text,
      directory: workFolder,
      env: await options.environment(),
      timeout: block.timeout,
      signal,
      onOutput: (text, stream) => view.event({type: 'command-output', block: block.id, text, stream}),
    });
    const ok = !result.timedOut && !result.cancelled && result.exitCode === block.exit;
    const problem = problemOf(result, block);
    view.event({
      type: 'command-finished',
      block: block.id,
      exitCode: result.exitCode,
      wanted: block.exit,
      ok,
      background: false,
      timedOut: result.timedOut,
      cancelled: result.cancelled,
      milliseconds: result.milliseconds,
      ...(ok ? {} : {problem}),
    });
    return ok;
  }

  async function runInBackground(block: CommandBlock, signal: AbortSignal): Promise<boolean> {
    const startedAt = now();
    const ended = await background.start(block.id, block.text, signal);
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

  async function writeFile(block: FileBlock): Promise<boolean> {
    const written = await writeBlock(workFolder, block);
    const {before, ...told} = written;
    const diff = before === undefined ? undefined : await unifiedDiff(block.name, before, block.content);
    view.event({type: 'file-written', block: block.id, ...told, ...(diff ? {diff} : {})});
    return true;
  }

  return {
    async beginLab(lab) {
      await mkdir(workFolder, {recursive: true});
      for (const written of await layManifests(workFolder, lab)) {
        const {before: _, ...told} = written;
        if (written.change === 'updated') view.event({type: 'file-written', block: '', ...told});
      }
    },
    async runBlock(lab, id, signal) {
      const block = blockOf(lab, id);
      if (block.kind === 'command') return runCommand(lab, block, signal);
      if (block.kind === 'file') return writeFile(block);
      throw new Error(`Block "${id}" of lab "${lab.id}" is a check.`);
    },
    async runCheck(lab, id, {signal, quiet}) {
      const block = blockOf(lab, id);
      if (block.kind !== 'check') throw new Error(`Block "${id}" of lab "${lab.id}" is no check.`);
      const startedAt = now();
      const labels = block.conditions.map(condition => options.conditions.label(condition));
      view.event({type: 'check-started', lab: lab.id, block: id, labels, quiet});
      const results: ConditionResult[] = [];
      for (const [index, condition] of block.conditions.entries()) {
        const result = await options.conditions.check(condition, {
          signal,
          onProgress: partial => view.event({type: 'condition-progress', block: id, index, ...partial}),
        });
        results.push(result);
        view.event({type: 'condition-finished', block: id, index, result, quiet});
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
    async runReset(lab, signal) {
      for (const block of lab.reset) {
        if (!(await runCommand(lab, block, signal))) return false;
      }
      return true;
    },
    backgroundCommands: () => background.running(),
    async close() {
      await background.stopAll();
      await options.release();
    },
  };
}

function problemOf(
  result: {exitCode: number; timedOut: boolean; cancelled: boolean},
  block: CommandBlock,
): string {
  if (result.cancelled) return 'It was interrupted.';
  if (result.timedOut) return `It did not end within ${block.timeout / 1000} s and was stopped.`;
  const wanted = block.exit === 0 ? '' : ` instead of ${block.exit}`;
  const hint = result.exitCode === 127 ? ' (a program was not found)' : '';
  return `It ended with exit code ${result.exitCode}${wanted}${hint}.`;
}

/** Turns what a check could not see into an `unknown` result; anything else is a fault of ours. */
export function unseen(error: unknown): {seen: string; remedies: readonly string[]} {
  if (error instanceof WorkshopError && error.exitCode === exitCodes.environment) {
    return {seen: [error.message, error.detail].filter(Boolean).join(' '), remedies: error.remedies};
  }
  throw error instanceof Error ? error : new Error(messageOf(error));
}
