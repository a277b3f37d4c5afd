import type {EngineName, Lab} from '../catalog/lab.ts';
import {type Verdict, verdictOf} from '../checks/result.ts';
import {checkOf} from '../state/plan.ts';
import type {SessionEvent} from './events.ts';
import type {Executor} from './executor.ts';

export interface VerifyOptions {
  labs: readonly Lab[];
  engine: EngineName;
  executor: Executor;
  emit(event: SessionEvent): void;
  /** Told each lab's verdict as it ends. */
  note(lab: Lab, verdict: Verdict, milliseconds: number): void;
  now(): number;
  signal: AbortSignal;
}

/** Looks at the checks of labs that somebody else has done, and does nothing of them. */
export async function verifyLabs(options: VerifyOptions): Promise<Verdict> {
  const {labs, engine, executor, emit, note, now, signal} = options;
  const verdicts: {verdict: Verdict}[] = [];
  for (const lab of labs) {
    const startedAt = now();
    emit({type: 'lab-started', lab});
    // Commands of checks run in the work folder; of the lab's own files nothing is needed there.
    await executor.beginLab({...lab, manifests: []});
    const own: {verdict: Verdict}[] = [];
    for (const [index, step] of lab.steps.entries()) {
      const check = checkOf(step, engine);
      if (!check) continue;
      emit({type: 'step-started', lab, step: index});
      own.push({verdict: await executor.runCheck(lab, check.id, {signal, quiet: false})});
    }
    const verdict = signal.aborted ? 'unknown' : verdictOf(own);
    verdicts.push({verdict});
    note(lab, verdict, now() - startedAt);
    if (verdict === 'passed') emit({type: 'lab-passed', lab: lab.id, milliseconds: now() - startedAt});
  }
  return verdictOf(verdicts);
}
