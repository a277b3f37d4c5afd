import type {Lab} from '../catalog/lab.ts';
import type {Verdict} from '../checks/result.ts';
import {type ExitCode, exitCodes} from '../errors.ts';
import type {View} from '../session/events.ts';
import type {Executor} from '../session/executor.ts';
import type {Outcome} from '../state/state.ts';
import {probeCheck} from './probe-lab.ts';

export interface RunProbeOptions {
  lab: Lab;
  url: string;
  view: View;
  executor: Executor;
  /** Milliseconds since the epoch. */
  now(): number;
  signal: AbortSignal;
  /** Why the signal came, told once; nothing where it did not. */
  ended(): 'interrupted' | 'deadline' | undefined;
}

const codes: Readonly<Record<Verdict, ExitCode>> = {
  passed: exitCodes.passed,
  failed: exitCodes.failed,
  unknown: exitCodes.environment,
};

/** Looks at all conditions of a probe and tells what a session tells. @returns the exit code of the whole */
export async function runProbe(options: RunProbeOptions): Promise<ExitCode> {
  const {lab, url, view, executor, now, signal} = options;
  const startedAt = now();
  view.event({
    type: 'session-started',
    workshop: 'probe',
    engine: `probe of ${url}`,
    simulated: false,
    labs: [lab.id],
  });
  view.event({type: 'lab-started', lab});
  view.event({type: 'step-started', lab, step: 0});
  let verdict: Verdict;
  try {
    verdict = await executor.runCheck(lab, probeCheck, {signal, quiet: false});
  } finally {
    await executor.close();
  }
  const milliseconds = now() - startedAt;
  if (verdict === 'passed') view.event({type: 'lab-passed', lab: lab.id, milliseconds});
  const isInterrupted = options.ended() === 'interrupted';
  const outcome: Outcome = isInterrupted ? 'interrupted' : verdict;
  view.event({
    type: 'session-finished',
    outcome,
    labs: [{lab: lab.id, number: lab.number, title: lab.title, verdict, milliseconds}],
    milliseconds,
  });
  return isInterrupted ? exitCodes.interrupted : codes[verdict];
}
