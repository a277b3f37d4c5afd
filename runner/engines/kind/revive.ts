import {WorkshopError} from '../../errors.ts';
import type {EnsureOptions} from '../port.ts';
import {lastLine} from '../tools.ts';
import {interrupted} from './air-gap.ts';
import {type KindTools, nodesOf} from './docker.ts';

export interface ReviveOptions {
  tools: KindTools;
  cluster: string;
  ensure: EnsureOptions;
  answers(): Promise<boolean>;
  now(): number;
  pause(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** A stopped node takes about 20 s until its API server answers again. */
const patience = 120_000;
const pauseMilliseconds = 1000;
const sayEverySeconds = 10;

/**
 * Starts the nodes that do not run, as after Docker or the machine was started again, and waits for the API server.
 * @throws WorkshopError `cluster-not-revived` or `interrupted`; the cluster is left as it is.
 */
export async function reviveCluster(options: ReviveOptions): Promise<void> {
  const {tools, cluster, ensure, answers, now, pause} = options;
  const {signal, onProgress} = ensure;
  const stopped = (await nodesOf(tools, cluster)).filter(node => !node.running).map(node => node.name);
  if (stopped.length > 0) {
    onProgress({text: `$ docker start ${stopped.join(' ')}`});
    const result = await tools.docker(['start', ...stopped], {signal});
    if (result.exitCode !== 0 && !signal.aborted) throw notRevived(cluster, lastLine(result.stderr));
  }
  const startedAt = now();
  let said = 0;
  while (!signal.aborted && !(await answers())) {
    const seconds = Math.round((now() - startedAt) / 1000);
    if (seconds * 1000 >= patience)
      throw notRevived(
        cluster,
        `no answer after ${seconds} s of its API server, which usually takes about 20 s`,
      );
    if (seconds >= said + sayEverySeconds) {
      said = seconds;
      onProgress({text: `waiting for the API server: ${seconds} s so far, usually about 20 s`});
    }
    await pause(pauseMilliseconds, signal).catch(() => {});
  }
  if (signal.aborted) throw interrupted('the start of the cluster; it is left as it is');
}

function notRevived(cluster: string, detail: string): WorkshopError {
  return new WorkshopError({
    code: 'cluster-not-revived',
    message: `The kind cluster ${cluster} is there, but does not answer.`,
    detail,
    remedies: [
      `See why: docker logs ${cluster}-control-plane`,
      {say: 'Or remove it and begin anew', command: 'reset --all'},
    ],
  });
}
