import {readlinkSync} from 'node:fs';
import {hostname} from 'node:os';
import {setTimeout as delay} from 'node:timers/promises';
import {identityOf, stillRuns} from '../../../verify/process-identity.ts';
import {openKube} from '../../engines/kube/kube.ts';
import {KubeError} from '../../engines/kube/rest.ts';
import {type RunLease, takeRunLease} from '../../engines/kube/run-lease.ts';
import {asWorkshopError, WorkshopError} from '../../errors.ts';
import type {View} from '../../session/events.ts';
import type {App} from '../app.ts';
import type {Io} from '../io.ts';

/** A cluster that is kept for one run. */
export interface Hold {
  /** @throws WorkshopError `cluster-in-use` that names the run that has it */
  take(): Promise<void>;
  /** Takes the cluster as soon as a lab has made it. */
  view: View;
  release(): Promise<void>;
}

/** @param onLost told when another run has the cluster after all */
export function holdCluster(options: {
  app: App;
  io: Io;
  note(text: string): void;
  onLost(error: WorkshopError): void;
}): Hold {
  const {app, io, note, onLost} = options;
  let lease: RunLease | undefined;
  let taking: Promise<void> | undefined;

  async function take(): Promise<void> {
    const {startTicks} = identityOf(io.pid);
    try {
      const {config} = await openKube((await app.engine.connect()).kubeconfig);
      lease = await takeRunLease({
        config,
        holder: {
          name: `the workshop "${app.store.name}" in process ${io.pid} on ${hostname()}`,
          host: `${hostname()} ${processNamespace()}`.trim(),
          pid: io.pid,
          ...(startTicks === undefined ? {} : {startTicks}),
          since: new Date().toISOString(),
        },
        runs: ({pid, startTicks: began}) => {
          if (began !== undefined) return stillRuns({pid, startTicks: began});
          // Another process may have the number by now.
          return stillRuns({pid}) ? undefined : false;
        },
        now: () => Date.now(),
        pause: milliseconds => delay(milliseconds),
        onLost,
      });
    } catch (error) {
      if (error instanceof KubeError) {
        note(
          `A second run would not be noticed, since no Lease can be written in "default": ${error.message}`,
        );
        return;
      }
      // One that does not answer is told by whatever needs it next.
      if (!(error instanceof WorkshopError) || error.code === 'cluster-in-use') throw error;
    }
  }

  return {
    take: () => {
      taking ??= take();
      return taking;
    },
    view: {
      event(event) {
        if (event.type !== 'lab-passed' || taking) return;
        taking = take();
        taking.catch(error => onLost(asWorkshopError(error)));
      },
      async close() {},
    },
    async release() {
      await taking?.catch(() => {});
      await lease?.release();
    },
  };
}

/** Containers may have the name of their machine, and their own processes. */
function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}
