import {rmSync} from 'node:fs';
import {join} from 'node:path';
import {kubeconfigText} from './api/kubeconfig.ts';
import {createApiServer} from './api/server.ts';
import {bookinfoImages} from './bookinfo/images.ts';
import {listenNear, serveCharts} from './chart-server.ts';
import type {Clock, Random} from './clock.ts';
import {startControllers} from './controllers/start.ts';
import {startKubelet} from './kubelet/start.ts';
import type {StateLoss} from './lifecycle/handshake.ts';
import {keptCredentials} from './lifecycle/kept-credentials.ts';
import {openStateFolder, statePaths, writeAtomically} from './lifecycle/state-folder.ts';
import {makeTemporaryFolder, sweepTemporaryFolders} from './lifecycle/temporary-folders.ts';
import {createClusterNetwork} from './mesh/cluster-network.ts';
import {injectionPlugin} from './mesh/inject/injection-plugin.ts';
import {istioValidationPlugin} from './mesh/inject/validation-plugin.ts';
import {meshImages} from './mesh/mesh-images.ts';
import {createControlPlane} from './mesh/pilot/control-plane.ts';
import type {Pod} from './objects.ts';
import {createPace, type PaceSettings} from './pace.ts';
import {createPodAccess} from './pod-access.ts';
import {type OpenedJournal, openJournal} from './store/journal.ts';
import {Store} from './store/store.ts';

export interface SandboxOptions {
  /** The state folder; made when it is not there. The caller holds its lock. */
  directory: string;
  /** Names the cluster: the kubeconfig's context is `istio-workshop-NAME`. */
  name: string;
  istioVersion: string;
  clock: Clock;
  random: Random;
  /** How slowly it acts. @default fast */
  pace?: PaceSettings;
  /** Hears of faults of ours and of work that has to be tried again. */
  onError?: (what: string, error: unknown) => void;
}

/** A simulated cluster that serves. */
export interface Sandbox {
  kubeconfigPath: string;
  /** `https://127.0.0.1:PORT` */
  url: string;
  /** What `helm repo add` is given. */
  chartsUrl: string;
  /** What could not be read of its state. */
  loss?: StateLoss;
  /** Milliseconds since the epoch of the last request from outside; now, while a watch or a stream is open. */
  lastActivity(): number;
  /** Stops serving and all workloads; the state stays, and the next start goes on from it. */
  close(): Promise<void>;
}

const nodeName = 'istio-workshop-control-plane';
const longestSocketPath = 103;

/**
 * Starts a simulated cluster on 127.0.0.1, from the state in its folder or anew. Its ports are those of the last
 * run where they are free, so that a kubeconfig stays valid. Pods that ran serve again before it does, for up to 5 s.
 * @throws WorkshopError when the folder is unusable, newer or damaged.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const {directory, name, istioVersion, clock, random, onError = () => {}} = options;
  const pace = createPace({settings: options.pace ?? {name: 'fast'}, random});
  const record = openStateFolder({directory, name});
  const paths = statePaths(directory);
  const credentials = await keptCredentials(paths.credentials, clock);
  const {journal, entries, damage} = openJournal({folder: paths.store, clock, onError});
  const store = new Store({
    journal,
    entries,
    onFault: (error, {type, resource, revision}) => onError(`${type} ${resource} ${revision}`, error),
  });
  const server = createApiServer({
    store,
    clock,
    random,
    nodeName,
    onFault: (error, what) => onError(what, error),
  });
  const {client} = server;
  const controlPlane = createControlPlane({client, clock, pace});
  server.use(injectionPlugin({client}));
  server.use(istioValidationPlugin({client}));

  const sockets = socketFolder(paths.sockets);
  const network = createClusterNetwork({directory: sockets, client, clock, random});
  const access = createPodAccess({client, network, clock, random, kubelet: () => kubelet});
  const kubelet = startKubelet({
    client: server.clientFor('kubelet'),
    network,
    images: [...bookinfoImages(), ...meshImages({client: server.clientFor('pilot-discovery'), controlPlane})],
    clock,
    random,
    pace,
    execProbe: access.execProbe,
    nodeName,
    onError,
  });
  const controllers = startControllers({
    client,
    clock,
    random,
    rootCertificate: credentials.authority,
    onError,
  });

  server.registerStream('pods/log', (response, {object, query}) =>
    access.streams.log(response, {pod: object as Pod, query}),
  );
  for (const subresource of ['exec', 'attach', 'portforward']) {
    server.registerUpgrade(`pods/${subresource}`, (upgrade, {object, query}) =>
      access.streams.upgrade(subresource, upgrade, {pod: object as Pod, query}),
    );
  }

  let lastChartRequest = 0;
  const charts = await serveCharts({
    port: record.chartsPort,
    repository: async () => {
      const {chartRepository} = await import('./charts/repository.ts');
      const {packCharts} = await import('./charts/pack.ts');
      return chartRepository({charts: await packCharts({istioVersion})});
    },
    onRequest: () => {
      lastChartRequest = clock.now();
    },
  });
  const {certificate, key} = credentials.server;
  // Who connects finds the pods of the last run serving, as their status says.
  await kubelet.adopted;
  const listening = await listenNear(record.port, port =>
    server.listen({port, tls: {certificate, key, authority: credentials.authority}}),
  );
  writeAtomically(
    paths.kubeconfig,
    kubeconfigText({
      server: listening.url,
      authority: credentials.authority,
      context: `istio-workshop-${record.name}`,
      namespace: 'default',
      client: credentials.client,
    }),
  );
  writeAtomically(
    paths.record,
    JSON.stringify({...record, port: listening.port, chartsPort: charts.port}, null, 2),
  );

  return {
    kubeconfigPath: paths.kubeconfig,
    url: listening.url,
    chartsUrl: charts.url,
    ...(damage ? {loss: lossOf(damage)} : {}),
    lastActivity: () => Math.max(server.lastActivity(), lastChartRequest),
    async close() {
      await Promise.all([server.close(), charts.close()]);
      await controllers.close();
      await kubelet.close();
      access.close();
      controlPlane.close();
      await network.close();
      store.close();
      rmSync(sockets, {recursive: true, force: true});
    },
  };
}

function lossOf({lost, kept, named, path}: NonNullable<OpenedJournal['damage']>): StateLoss {
  const such = named.length > 0 ? `, such as ${named.join(', ')}` : '';
  return {
    text: `${lost} of ${lost + kept} records of the sandbox's state are damaged and lost${such}.`,
    file: path,
  };
}

/** A folder for the pods' sockets, in the state folder where its path is short enough for a socket. */
function socketFolder(preferred: string): string {
  // What an earlier process left there belongs to nobody any more: the caller holds the folder's lock.
  rmSync(preferred, {recursive: true, force: true});
  const fits = Buffer.byteLength(join(preferred, 'zzzzz')) <= longestSocketPath;
  if (fits) return preferred;
  sweepTemporaryFolders('sockets');
  return makeTemporaryFolder('sockets');
}
