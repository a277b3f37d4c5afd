import {mkdirSync} from 'node:fs';
import type {BrokenManifest, Lab} from '../catalog/lab.ts';
import {type ConditionResult, verdictOf} from '../checks/result.ts';
import {type App, openApp} from '../cli/app.ts';
import {systemProcesses} from '../processes.ts';
import type {SessionEvent} from '../session/events.ts';
import type {Executor} from '../session/executor.ts';
import {writeLearnerFile} from '../session/work-folder.ts';
import {checksOf, needsOf, runnableBlocks} from '../state/plan.ts';
import {type TestIo, testIo} from './test-io.ts';

/**
 * A workshop on the sandbox, with the built-in tools and the real browser, for trying labs in one after the other.
 * What a lab needs stands before it begins, whatever became of the labs before: after a failure the workshop is
 * thrown away, and the next lab gets a new one.
 */
export interface TriedWorkshop {
  readonly app: App;
  readonly executor: Executor;
  readonly signal: AbortSignal;
  /** Takes the cluster to where the lab begins. @throws LabUnsolvable when a lab that it needs can't be solved. */
  begin(lab: Lab): Promise<void>;
  /** Takes it to where the lab is solved, from wherever it is. */
  beSolved(lab: Lab): Promise<void>;
  /** Runs the lab's own commands, with a learner's mistake where one is given. @throws when one fails. */
  solve(lab: Lab, broken?: BrokenManifest): Promise<void>;
  /**
   * Does the lab by hand, then begins to do it as a learner with Enter, is interrupted in one command and begins once
   * more. @param interrupted the command, counted from 0. @throws when a command fails the last time.
   */
  solveOnWhatWasDone(lab: Lab, interrupted: number): Promise<void>;
  /** Undoes the lab by its reset, and the mistake before it. @throws when that fails. */
  undo(lab: Lab, broken?: BrokenManifest): Promise<void>;
  /** Looks at all conditions of a lab. @param loads of each visitor that prove a result. */
  check(lab: Lab, loads?: number): Promise<Checked>;
  /** @returns what it printed. @throws when it fails. */
  kubectl(text: string): Promise<string>;
  /** What was told since the last command or check began, for the message of a failure. */
  output(): string;
  /** Nobody knows what a failure left behind: the next lab begins in a new workshop. */
  giveUp(): void;
  close(): Promise<void>;
}

export interface Checked {
  verdict: ConditionResult['verdict'];
  results: readonly ConditionResult[];
}

/** What a lab needs could not be solved, not even in a new workshop: a failure of that lab, and not of this one. */
export class LabUnsolvable extends Error {
  override name = 'LabUnsolvable';
  readonly lab: string;

  constructor({id, folder}: Lab, cause: Error) {
    super(`${folder} can't be solved: ${cause.message}`, {cause});
    this.lab = id;
  }
}

interface Opened {
  outside: TestIo;
  app: App;
  executors: Map<number, Executor>;
  ending: AbortController;
}

/** Chance has no part in what the labs decide, so a few show it. */
const usualLoads = 3;

export async function openTriedWorkshop(labs: readonly Lab[]): Promise<TriedWorkshop> {
  let events: SessionEvent[] = [];
  let opened = await open();
  /** The labs that stand solved, in order; undefined while nobody knows. */
  let standing: readonly Lab[] | undefined = [];
  const unsolvable = new Map<string, LabUnsolvable>();

  async function open(): Promise<Opened> {
    const outside = testIo();
    const app = await openApp(outside.io, {});
    mkdirSync(app.workFolder, {recursive: true});
    return {outside, app, executors: new Map(), ending: new AbortController()};
  }

  async function discard({executors, app, outside, ending}: Opened): Promise<void> {
    ending.abort();
    for (const executor of executors.values()) await executor.close();
    await app.dispose(() => {});
    outside.remove();
  }

  function executorFor(loads: number): Executor {
    const view = {event: (event: SessionEvent) => void events.push(event), close: async () => {}};
    const executor = opened.executors.get(loads) ?? opened.app.createExecutor(view, {loads});
    opened.executors.set(loads, executor);
    return executor;
  }

  const signal = (): AbortSignal => opened.ending.signal;

  async function kubectl(text: string): Promise<string> {
    const {app} = opened;
    const env = await app.environment();
    const result = await systemProcesses.shell({text, directory: app.workFolder, env, signal: signal()});
    if (result.exitCode !== 0) throw new Error(`${text}\n${result.stdout}${result.stderr}`);
    return result.stdout;
  }

  async function applyBroken({content}: BrokenManifest): Promise<void> {
    await writeLearnerFile(opened.app.workFolder, 'broken.yaml', content);
    await kubectl('kubectl apply -f broken.yaml');
  }

  async function solve(lab: Lab, broken?: BrokenManifest): Promise<void> {
    const before = standing;
    standing = undefined;
    const executor = executorFor(usualLoads);
    await executor.beginLab(lab);
    for (const block of lab.steps.flatMap(step => runnableBlocks(step, 'sandbox'))) {
      if (block.kind === 'check') continue;
      if (broken?.insteadOf && block.kind === 'command' && block.text.includes(broken.insteadOf)) {
        await applyBroken(broken);
        continue;
      }
      events = [];
      const outcome = await executor.runBlock(lab, block.id, signal());
      if (outcome !== 'done')
        throw new Error(`${block.kind === 'command' ? block.text : block.name}: ${outcome}\n${output()}`);
    }
    if (broken && !broken.insteadOf) await applyBroken(broken);
    if (before && !broken) standing = [...before.filter(other => other !== lab), lab];
  }

  async function solveOnWhatWasDone(lab: Lab, interrupted: number): Promise<void> {
    await solve(lab);
    const executor = executorFor(usualLoads);
    const commands = lab.steps
      .flatMap(step => runnableBlocks(step, 'sandbox'))
      .filter(block => block.kind === 'command' && !block.background);
    const half = commands[interrupted % commands.length];
    if (half) await executor.runBlock(lab, half.id, AbortSignal.any([signal(), AbortSignal.timeout(200)]));
    await solve(lab);
  }

  async function undo(lab: Lab, broken?: BrokenManifest): Promise<void> {
    const before = standing ?? (broken ? needed(lab) : undefined);
    standing = undefined;
    if (broken) await kubectl('kubectl delete -f broken.yaml --ignore-not-found');
    events = [];
    if (!(await executorFor(usualLoads).runReset(lab, signal())))
      throw new Error(`The reset of ${lab.folder} failed.\n${output()}`);
    standing = before?.filter(other => other !== lab);
  }

  function needed(lab: Lab): readonly Lab[] {
    const ids = needsOf(labs, lab.id);
    return labs.filter(({id}) => ids.includes(id));
  }

  async function begin(lab: Lab): Promise<void> {
    const wanted = needed(lab);
    for (const {id} of wanted) {
      const known = unsolvable.get(id);
      if (known) throw known;
    }
    if (standing?.at(-1) === lab) await undo(lab).catch(() => {});
    if (standing?.every((other, index) => other === wanted[index])) {
      const solved = await solveAll(wanted.slice(standing.length)).catch(() => false);
      if (solved !== false) return;
    }
    await discard(opened).catch(() => {});
    opened = await open();
    standing = [];
    await solveAll(wanted).catch((error: Error) => {
      if (error instanceof LabUnsolvable) unsolvable.set(error.lab, error);
      throw error;
    });
  }

  async function solveAll(wanted: readonly Lab[]): Promise<void> {
    for (const lab of wanted) {
      await solve(lab).catch(error => {
        throw new LabUnsolvable(lab, error);
      });
    }
  }

  function output(): string {
    const texts = events.map(event => {
      if (event.type === 'command-output') return event.text;
      return event.type === 'command-finished' ? (event.problem ?? '') : '';
    });
    return texts.join('');
  }

  return {
    get app() {
      return opened.app;
    },
    get executor() {
      return executorFor(usualLoads);
    },
    get signal() {
      return signal();
    },
    begin,
    async beSolved(lab) {
      if (standing?.at(-1) === lab) return;
      await begin(lab);
      await solve(lab);
    },
    solve,
    solveOnWhatWasDone,
    undo,
    async check(lab, loads = usualLoads) {
      events = [];
      const verdicts: {verdict: ConditionResult['verdict']}[] = [];
      for (const block of checksOf(lab, 'sandbox')) {
        const options = {signal: signal(), quiet: false};
        verdicts.push({verdict: await executorFor(loads).runCheck(lab, block.id, options)});
      }
      const results = events.flatMap(event => (event.type === 'condition-finished' ? [event.result] : []));
      return {verdict: verdictOf(verdicts), results};
    },
    kubectl,
    output,
    giveUp() {
      standing = undefined;
    },
    close: () => discard(opened),
  };
}
