import {type ExitCode, exitCodes} from '../../errors.ts';
import {openApp} from '../app.ts';
import {confirmOn} from '../confirm.ts';
import type {Io} from '../io.ts';
import type {GlobalOptions} from '../options.ts';

function talk(io: Io, options: GlobalOptions): (text: string) => void {
  return text =>
    options.json
      ? io.stdout.write(`${JSON.stringify({type: 'cluster-progress', text})}\n`)
      : io.stderr.write(`${text}\n`);
}

/** `cluster up`: makes, starts or finds the workshop's cluster, whatever its engine, and says what it does. */
export async function clusterUp(io: Io, options: GlobalOptions): Promise<ExitCode> {
  const app = await openApp(io, options);
  const stop = new AbortController();
  const forget = io.onSignal(() => stop.abort());
  const onProgress = talk(io, options);
  try {
    await app.remember({signal: stop.signal, onProgress, confirm: confirmOn(io, options, onProgress)});
    await app.engine.ensure({signal: stop.signal, onProgress: ({text}) => onProgress(text)});
    const notice = await app.engine.notice?.();
    if (notice) onProgress(`! ${notice}`);
    const {kubeconfig} = await app.engine.connect();
    io.stdout.write(
      options.json
        ? `${JSON.stringify({type: 'cluster', running: true, engine: app.engine.name, kubeconfig})}\n`
        : `The cluster answers (${app.engine.title}).\nKubeconfig: ${kubeconfig}\n`,
    );
    return exitCodes.passed;
  } finally {
    forget();
  }
}

/** `cluster down`: removes the cluster that this workshop made, and nothing else. */
export async function clusterDown(io: Io, options: GlobalOptions): Promise<ExitCode> {
  const app = await openApp(io, options);
  const stop = new AbortController();
  const forget = io.onSignal(() => stop.abort());
  const onProgress = talk(io, options);
  try {
    const removed = await app.engine.delete({
      signal: stop.signal,
      onProgress: ({text}) => onProgress(text),
    });
    const text =
      removed.length > 0 ? removed.map(line => `removed ${line}`).join('\n') : 'There was nothing to remove.';
    io.stdout.write(`${options.json ? JSON.stringify({type: 'cluster', running: false, removed}) : text}\n`);
    return exitCodes.passed;
  } finally {
    forget();
  }
}
