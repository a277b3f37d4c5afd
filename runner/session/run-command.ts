import type {CommandBlock} from '../catalog/lab.ts';
import {exitCodes} from '../errors.ts';
import type {ProcessResult, ProcessRunner} from '../processes.ts';
import type {View} from './events.ts';
import {fileFault} from './file-fault.ts';
import {rejectionOf} from './rejection.ts';
import type {RoutedWatch} from './routed.ts';
import {whatStands} from './standing/standing.ts';

export interface CommandRunnerOptions {
  view: View;
  processes: ProcessRunner;
  workFolder: string;
  /** The environment of a command, made anew for each: the cluster may have come meanwhile. */
  environment(): Promise<Record<string, string>>;
  /** What the cluster waits for, in words: told when a command that waits for it failed. */
  waitedFor?(signal: AbortSignal): Promise<string | undefined>;
  /** Begins to watch for when the proxies have what a command changes; absent where nobody can tell. */
  watchRouted?(text: string, signal: AbortSignal): RoutedWatch | undefined;
}

/** Most changes have reached the proxies by then, so that it can stand under their command. */
const briefly = 150;

/** Tells the view when the proxies have what a command changed, and waits for that a little. */
export async function tellRouted(view: View, block: string, watch: RoutedWatch | undefined): Promise<void> {
  if (!watch) return;
  const told = watch
    .finished()
    .then(routed => routed && view.event({type: 'routed', block, ...routed}))
    .catch(() => {});
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>(resolve => {
    timer = setTimeout(resolve, briefly);
  });
  await Promise.race([told, enough]);
  clearTimeout(timer);
}

/** `unknown`: the surroundings did not allow it (no Docker, no rights), so nothing was learnt about the lab. */
export type BlockOutcome = 'done' | 'failed' | 'unknown';

/** How long a look at what a failed command waited for may take, in milliseconds. */
const waitLookLimit = 5000;

/** How long a look at what stands may take, and say: helm tells a release with its whole chart. */
const ofLooks = {timeout: 30_000, kept: 32 * 1024 * 1024};

/** What became of a command in the end. */
interface Ended {
  result: ProcessResult;
  /** Why it counts although the command itself failed. */
  remark?: string;
  /** What keeps it from working, where that is known better than by its exit code. */
  hindrance?: string;
}

/** Runs a lab's command to its end and tells the view of it. One whose effect stands already is done. */
export function createCommandRunner(
  options: CommandRunnerOptions,
): (block: CommandBlock, signal: AbortSignal) => Promise<BlockOutcome> {
  const {view, processes, workFolder: directory, environment} = options;

  async function shell(block: CommandBlock, text: string, signal: AbortSignal): Promise<ProcessResult> {
    return processes.shell({
      text,
      directory,
      env: await environment(),
      timeout: block.timeout,
      signal,
      onOutput: (output, stream) =>
        view.event({type: 'command-output', block: block.id, text: output, stream}),
    });
  }

  /** The commands that make whole what is there in part are shown like the first, with the reason before them. */
  async function mend(
    block: CommandBlock,
    {said, mend: commands}: {said: string; mend: readonly string[]},
    signal: AbortSignal,
  ): Promise<ProcessResult | undefined> {
    const tell = (line: string): void =>
      view.event({type: 'command-output', block: block.id, text: `${line}\n`, stream: 'stdout'});
    tell(said);
    let result: ProcessResult | undefined;
    for (const text of commands) {
      tell(`$ ${text}`);
      result = await shell(block, text, signal);
      if (result.exitCode !== 0) break;
    }
    return result;
  }

  async function onWhatStands(
    block: CommandBlock,
    refused: ProcessResult,
    signal: AbortSignal,
  ): Promise<Ended> {
    const env = await environment();
    const standing = await whatStands({
      text: block.text,
      stderr: refused.stderr,
      look: text => processes.shell({text, directory, env, signal, ...ofLooks}),
    });
    switch (standing?.state) {
      case undefined:
        return {result: refused};
      case 'busy':
        return {result: refused, hindrance: standing.said};
      case 'whole':
        return {result: {...refused, exitCode: block.exit}, remark: standing.said};
      case 'part':
        return {result: (await mend(block, standing, signal)) ?? refused, remark: standing.said};
    }
  }

  /** helm and kubectl say that time is up, and not what they waited for. */
  async function waitIn(result: ProcessResult, {text}: CommandBlock): Promise<string> {
    const waits = result.timedOut || /--wait\b|rollout status|kubectl wait/.test(text);
    if (!waits || result.cancelled) return '';
    const waited = await options.waitedFor?.(AbortSignal.timeout(waitLookLimit)).catch(() => undefined);
    return waited ? ` The cluster waits: ${waited}.` : '';
  }

  return async (block, signal) => {
    const watch = options.watchRouted?.(block.text, signal);
    const startedAt = performance.now();
    const first = await shell(block, block.text, signal);
    const ended = isRefused(first, block) ? await onWhatStands(block, first, signal) : {result: first};
    const {result, remark, hindrance}: Ended = ended;
    const ok = !result.timedOut && !result.cancelled && result.exitCode === block.exit;
    const fault =
      ok || result.cancelled
        ? undefined
        : ((await fileFault(block.text, directory)) ??
          (await rejectionOf(block.text, result.stderr, directory)));
    const problem = ok
      ? ''
      : (hindrance ?? fault ?? `${problemOf(result, block)}${await waitIn(result, block)}`);
    view.event({
      type: 'command-finished',
      block: block.id,
      exitCode: result.exitCode,
      wanted: block.exit,
      ok,
      background: false,
      timedOut: result.timedOut,
      cancelled: result.cancelled,
      milliseconds: result === first ? first.milliseconds : performance.now() - startedAt,
      ...(ok ? {} : {problem}),
      ...(ok && remark ? {remark} : {}),
    });
    if (ok) {
      await tellRouted(view, block.id, changedNothing(result) ? undefined : watch);
      return 'done';
    }
    return isOwn(block) && result.exitCode === exitCodes.environment ? 'unknown' : 'failed';
  };
}

/** kubectl says of every object that it stands already as it should. */
function changedNothing({stdout}: ProcessResult): boolean {
  const lines = stdout.split('\n').filter(line => line.trim() !== '');
  return lines.length > 0 && lines.every(line => line.endsWith(' unchanged'));
}

/** It ran to its end and failed, where it was to work. */
function isRefused(result: ProcessResult, block: CommandBlock): boolean {
  return block.exit === 0 && result.exitCode !== 0 && !result.timedOut && !result.cancelled;
}

/** A command of ours says by its exit code that it is the surroundings; of others nobody knows. */
function isOwn({text}: CommandBlock): boolean {
  return text.startsWith('istio-workshop ');
}

/** Why a command is not done, in one sentence. */
export function problemOf(
  result: Pick<ProcessResult, 'exitCode' | 'timedOut' | 'cancelled'>,
  block: Pick<CommandBlock, 'timeout' | 'exit'>,
): string {
  if (result.cancelled) return 'It was interrupted.';
  if (result.timedOut) return `It did not end within ${block.timeout / 1000} s and was stopped.`;
  const wanted = block.exit === 0 ? '' : ` instead of ${block.exit}`;
  const hint = result.exitCode === 127 ? ' (a program was not found)' : '';
  return `It ended with exit code ${result.exitCode}${wanted}${hint}.`;
}
