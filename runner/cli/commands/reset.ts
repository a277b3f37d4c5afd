import {type ExitCode, exitCodes, WorkshopError} from '../../errors.ts';
import {isGiven, withoutLab} from '../../state/plan.ts';
import {type App, openApp} from '../app.ts';
import {confirmOn} from '../confirm.ts';
import {notOurs} from '../given.ts';
import type {Io} from '../io.ts';
import {findLab, type GlobalOptions} from '../options.ts';
import {viewChoice} from '../view-choice.ts';
import {lineView} from '../views.ts';

/** `reset [LAB|--all]`: undoes one lab, or removes the workshop with the cluster that it made. */
export async function reset(
  io: Io,
  labText: string | undefined,
  options: GlobalOptions & {all?: boolean},
): Promise<ExitCode> {
  if ((labText === undefined) === (options.all !== true)) {
    throw new WorkshopError({
      code: 'reset-what',
      message: 'Say what to reset: one lab, or everything.',
      remedies: [
        {say: 'One lab', command: 'reset 05'},
        {say: 'Everything', command: 'reset --all'},
      ],
      exitCode: exitCodes.usage,
    });
  }
  const app = await openApp(io, options);
  const view = lineView(io, viewChoice(io, options, true));
  const stop = new AbortController();
  const forget = io.onSignal(() => stop.abort());
  try {
    await app.lock();
    if (labText === undefined) {
      await agree(io, app, options);
      const removed = await app.engine.delete({
        signal: stop.signal,
        onProgress: ({text}) => view.event({type: 'cluster-progress', text}),
      });
      await app.store.remove();
      for (const line of [...removed, `the progress of the workshop "${app.store.name}"`]) {
        view.event({type: 'note', text: `removed ${line}`});
      }
      view.event({type: 'note', text: `kept your files in ${app.workFolder}`});
      return exitCodes.passed;
    }
    const lab = findLab(app.labs, labText);
    await app.remember({
      signal: stop.signal,
      onProgress: text => view.event({type: 'cluster-progress', text}),
      confirm: confirmOn(io, options, text => view.event({type: 'cluster-progress', text})),
    });
    if (isGiven(await app.store.readProgress(), lab.id)) throw notOurs(lab);
    const executor = app.createExecutor(view, {loads: 1});
    const ok = await executor.runReset(lab, stop.signal);
    view.event({type: 'reset-finished', lab: lab.id, ok});
    await executor.close();
    if (!ok) return stop.signal.aborted ? exitCodes.interrupted : exitCodes.failed;
    const progress = withoutLab(app.labs, await app.store.readProgress(), lab.id);
    await app.store.writeProgress({...progress, position: {lab: lab.id, step: 0, block: 0}});
    return exitCodes.passed;
  } finally {
    forget();
    await app.close();
    await view.close();
  }
}

/**
 * Asks before everything goes, where somebody sits at the terminal; a script has said what it wants.
 * @throws WorkshopError `not-agreed`
 */
async function agree(io: Io, {engine, store, workFolder}: App, options: GlobalOptions): Promise<void> {
  const confirm = confirmOn(io, options, () => {});
  const agreed = await confirm?.({
    facts: [
      `what this workshop made on ${engine.title}`,
      `the progress of the workshop "${store.name}"`,
      `kept: your files in ${workFolder}`,
    ],
    question: 'Remove it?',
  });
  if (agreed !== false) return;
  throw new WorkshopError({
    code: 'not-agreed',
    message: 'Nothing was removed.',
    exitCode: exitCodes.interrupted,
  });
}
