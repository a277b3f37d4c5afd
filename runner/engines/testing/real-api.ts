import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {seededRandom, systemClock} from '../../sandbox/clock.ts';
import {startSandbox} from '../../sandbox/sandbox.ts';

export interface RealApi {
  /** A folder of this test. */
  folder: string;
  kubeconfig: string;
  chartsUrl: string;
  close(): Promise<void>;
}

/** A cluster in this process that speaks the Kubernetes API: what a context leads to. */
export async function startRealApi(): Promise<RealApi> {
  const folder = mkdtempSync(path.join(tmpdir(), 'iw-api-'));
  const sandbox = await startSandbox({
    directory: path.join(folder, 'cluster'),
    name: 'elsewhere',
    istioVersion: '1.30.3',
    clock: systemClock,
    random: seededRandom(7),
  });
  return {
    folder,
    kubeconfig: sandbox.kubeconfigPath,
    chartsUrl: sandbox.chartsUrl,
    async close() {
      await sandbox.close();
      rmSync(folder, {recursive: true, force: true});
    },
  };
}
