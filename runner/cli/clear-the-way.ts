import type {EngineName, Lab} from '../catalog/lab.ts';
import type {Executor} from '../session/executor.ts';
import {checksOf} from '../state/plan.ts';
import type {Progress} from '../state/state.ts';

/**
 * Makes a plan runnable on what an earlier run left, also one that was killed. A lab that stands and whose checks
 * hold is left out. One that was begun and not finished is undone first, and so is one that stands no longer, because
 * the commands of a lab may start from nothing only. The first lab is never undone: that would take the cluster
 * away, and its commands go on with one that is there.
 *
 * @returns the labs to run, and those that stand already.
 */
export async function clearTheWay(options: {
  labs: readonly Lab[];
  plan: readonly string[];
  progress: Progress;
  engine: EngineName;
  executor: Pick<Executor, 'beginLab' | 'runCheck' | 'runReset'>;
  signal: AbortSignal;
}): Promise<{plan: readonly string[]; standing: readonly string[]}> {
  const {labs, progress, executor, signal} = options;
  const plan: string[] = [];
  const standing: string[] = [];
  for (const id of options.plan) {
    const lab = labs.find(each => each.id === id);
    const stands = progress.labs[id]?.status === 'standing';
    const begun = stands || progress.position?.lab === id;
    // A lab before it is run again, so what this one stands on is made anew.
    const isFirst = plan.length === 0;
    if (lab && stands && isFirst && (await holds(lab, options))) {
      standing.push(id);
      continue;
    }
    plan.push(id);
    if (!lab || !begun || lab.needs.length === 0 || signal.aborted) continue;
    await executor.beginLab(lab);
    await executor.runReset(lab, signal);
  }
  return {plan, standing};
}

async function holds(
  lab: Lab,
  {engine, executor, signal}: {engine: EngineName; executor: Pick<Executor, 'runCheck'>; signal: AbortSignal},
): Promise<boolean> {
  for (const block of checksOf(lab, engine)) {
    if ((await executor.runCheck(lab, block.id, {signal, quiet: true})) !== 'passed') return false;
  }
  return true;
}
