import {mkdir} from 'node:fs/promises';
import {verdictOf} from '../../checks/result.ts';
import {type ExitCode, exitCodes} from '../../errors.ts';
import {checksOf, isGiven, resumeLab} from '../../state/plan.ts';
import {openApp} from '../app.ts';
import {givenText} from '../given.ts';
import type {Io} from '../io.ts';
import {findLab, type GlobalOptions} from '../options.ts';
import {viewChoice} from '../view-choice.ts';
import {lineView} from '../views.ts';
import {loadsOf} from './run.ts';

export interface CheckOptions extends GlobalOptions {
  loads?: string;
  evidence?: string;
}

/** `check [LAB]`: looks at the conditions of a lab (the current one by default) and changes nothing. */
export async function check(io: Io, labText: string | undefined, options: CheckOptions): Promise<ExitCode> {
  const app = await openApp(io, options);
  const view = lineView(io, viewChoice(io, options, true));
  const stop = new AbortController();
  const forget = io.onSignal(() => stop.abort());
  const executor = app.createExecutor(view, {
    loads: loadsOf(options),
    ...(options.evidence ? {evidenceFolder: options.evidence} : {}),
  });
  try {
    const progress = await app.store.readProgress();
    const lab = labText ? findLab(app.labs, labText) : resumeLab(app.labs, progress);
    if (isGiven(progress, lab.id)) {
      view.event({type: 'note', text: givenText(lab)});
      return exitCodes.passed;
    }
    await app.engine.verify?.();
    // Commands of checks run there, also before the first lab has made it.
    await mkdir(app.workFolder, {recursive: true});
    view.event({type: 'lab-started', lab});
    const verdicts = [];
    for (const block of checksOf(lab, app.engine.name)) {
      verdicts.push({verdict: await executor.runCheck(lab, block.id, {signal: stop.signal, quiet: false})});
    }
    if (stop.signal.aborted) return exitCodes.interrupted;
    const verdict = verdictOf(verdicts);
    return verdict === 'passed'
      ? exitCodes.passed
      : verdict === 'failed'
        ? exitCodes.failed
        : exitCodes.environment;
  } finally {
    forget();
    await executor.close();
    await view.close();
  }
}
