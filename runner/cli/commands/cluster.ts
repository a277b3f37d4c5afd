import {type ExitCode, exitCodes} from '../../errors.ts';
import {jsonLine} from '../../ui/json/json-line.ts';
import {openApp} from '../app.ts';
import {confirmOn} from '../confirm.ts';
import type {Io} from '../io.ts';
import type {GlobalOptions} from '../options.ts';
import {say} from '../say.ts';

function talk(io: Io, options: GlobalOptions): (text: string) => void {
  return text =>
    options.json ? say(io.stdout, jsonLine({type: 'cluster-progress', text})) : say(io.stderr, text);
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
    say(
      io.stdout,
      options.json
        ? jsonLine({type: 'cluster', running: true, engine: app.engine.name, kubeconfig})
        : `The cluster answers (${app.engine.title}).\nKubeconfig: ${kubeconfig}`,
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
    say(io.stdout, options.json ? jsonLine({type: 'cluster', running: false, removed}) : text);
    return exitCodes.passed;
  } finally {
    forget();
  }
}
