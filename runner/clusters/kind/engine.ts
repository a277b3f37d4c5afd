import {setTimeout as delay} from 'node:timers/promises';
import {messageOf, WorkshopError} from '../../errors.ts';
import type {ProcessRunner} from '../../processes.ts';
import {istioVersion} from '../../version.ts';
import {type ChartSource, openCharts} from '../charts/source.ts';
import {proxiesSettled} from '../istio/proxies-settled.ts';
import {openKube} from '../kube/kube.ts';
import type {Capabilities, ClusterEngine, EnsureOptions} from '../port.ts';
import type {ClusterSettings} from '../settings.ts';
import {lastLine} from '../tools.ts';
import {loadImages, setMirror} from './air-gap.ts';
import {createKindCluster, removeKindCluster} from './create.ts';
import {kindTools, nodesOf, sameNodes} from './docker.ts';
import {nodeImageFor} from './images.ts';
import {type Every, everyInterval} from './progress.ts';
import {type KindRecord, kindFiles, readKindRecord, writeKindRecord} from './record.ts';
import {detectKind, requireKind} from './requirements.ts';

export interface KindEngineOptions {
  /** The engine's own folder in the workshop's state. */
  folder: string;
  workshop: string;
  settings: ClusterSettings;
  env: Readonly<Record<string, string>>;
  processes: ProcessRunner;
  /** The server's version when it answers; asked over the kubeconfig. @throws when nobody answers. */
  serverVersion?(kubeconfig: string): Promise<string>;
  now?(): number;
  every?: Every;
  pause?(milliseconds: number, signal: AbortSignal): Promise<void>;
}

const capabilities: Capabilities = {simulated: false, propagation: 15_000, ownsCluster: true};

/** A stopped node takes about 20 s until its API server answers again. */
const revivalMilliseconds = 120_000;
const revivalPause = 1000;

/** A real cluster on this machine, made by kind and removed with the workshop. */
export function createKindEngine(options: KindEngineOptions): ClusterEngine {
  const {folder, workshop, settings, env, processes} = options;
  const files = kindFiles(folder);
  const tools = kindTools({processes, env});
  const now = options.now ?? (() => performance.now());
  const every = options.every ?? everyInterval;
  const pause = options.pause ?? ((milliseconds, signal) => delay(milliseconds, undefined, {signal}));
  const serverVersion = options.serverVersion ?? (async file => (await openKube(file)).version());
  const usualName = workshop === 'default' ? 'istio-workshop' : `istio-workshop-${workshop}`;
  const nodeImage = settings.nodeImage ?? nodeImageFor(istioVersion);
  let charts: Promise<ChartSource> | undefined;

  function chartSource(): Promise<ChartSource> {
    charts ??= openCharts(settings.charts);
    return charts;
  }

  const answers = (): Promise<boolean> =>
    serverVersion(files.kubeconfig).then(
      () => true,
      () => false,
    );

  /** Ours and complete: the very containers that we made. */
  async function ours(record: KindRecord): Promise<boolean> {
    return sameNodes(await nodesOf(tools, record.name), record.nodes);
  }

  async function revive(record: KindRecord, {signal, onProgress}: EnsureOptions): Promise<void> {
    const nodes = await nodesOf(tools, record.name);
    const stopped = nodes.filter(node => !node.running).map(node => node.name);
    if (stopped.length > 0) {
      onProgress({text: `$ docker start ${stopped.join(' ')}`});
      const result = await tools.docker(['start', ...stopped], {signal});
      if (result.exitCode !== 0) throw notRevived(record, lastLine(result.stderr));
    }
    const startedAt = now();
    while (!(await answers())) {
      signal.throwIfAborted();
      const seconds = Math.round((now() - startedAt) / 1000);
      if (seconds * 1000 >= revivalMilliseconds)
        throw notRevived(record, `no answer after ${seconds} s of its API server`);
      if (seconds > 0 && seconds % 10 === 0)
        onProgress({text: `waiting for the API server: ${seconds} s so far, usually about 20 s`});
      await pause(revivalPause, signal);
    }
  }

  async function create(ensure: EnsureOptions): Promise<void> {
    const record = await createKindCluster({
      tools,
      files,
      name: usualName,
      nodeImage,
      ensure,
      now,
      every,
    });
    try {
      if (settings.hub) await setMirror({tools, nodes: await nodesOf(tools, record.name), hub: settings.hub});
      if (settings.images) await loadImages({tools, cluster: record.name, images: settings.images, ensure});
    } catch (error) {
      // Half of what was asked for is not what was asked for; the next try begins anew.
      await removeKindCluster({tools, files, name: record.name, ensure});
      throw error;
    }
  }

  async function ensure(ensureOptions: EnsureOptions): Promise<void> {
    const record = await readKindRecord(files);
    if (record?.phase === 'ready' && (await answers())) return;
    const {signal, onProgress} = ensureOptions;
    await requireKind({processes, env, signal});
    if (record) {
      const nodes = await nodesOf(tools, record.name);
      if (record.phase === 'ready' && sameNodes(nodes, record.nodes)) return revive(record, ensureOptions);
      if (record.phase === 'creating' && nodes.length > 0) {
        if (nodes.every(node => node.running) && (await answers())) {
          onProgress({text: 'an interrupted creation had come to its end; going on with it'});
          await writeKindRecord(files, {...record, phase: 'ready', nodes: nodes.map(({id}) => id)});
          return;
        }
        onProgress({text: 'an interrupted creation left half a cluster'});
        await removeKindCluster({tools, files, name: record.name, ensure: ensureOptions});
      }
    }
    await create(ensureOptions);
  }

  return {
    name: 'kind',
    title: `kind · Istio ${istioVersion}`,
    capabilities,
    detect: signal => detectKind({processes, env, signal}),
    async begin({signal, onProgress}) {
      if (settings.charts) await chartSource();
      const record = await readKindRecord(files);
      if (record?.phase === 'creating') await ensure({signal, onProgress});
      return {};
    },
    ensure,
    async connect() {
      const record = await readKindRecord(files);
      const source = await chartSource();
      return {
        kubeconfig: files.kubeconfig,
        env: {
          ISTIO_CHARTS: source.url,
          KIND_CLUSTER_NAME: record?.name ?? usualName,
          ISTIO_VERSION: source.istioVersion ?? istioVersion,
        },
      };
    },
    async running() {
      const record = await readKindRecord(files);
      return record?.phase === 'ready' && (await answers());
    },
    settled: async signal => proxiesSettled(await openKube(files.kubeconfig), signal),
    async delete(ensureOptions) {
      const record = await readKindRecord(files);
      if (!record) return [];
      const {signal, onProgress} = ensureOptions;
      await requireKind({processes, env, signal}).catch(error => {
        throw new WorkshopError({
          code: 'cluster-not-removed',
          message: `The kind cluster ${record.name} can't be removed now. ${messageOf(error)}`,
          remedies: [...(error instanceof WorkshopError ? error.remedies.slice(0, 1) : []), 'Then try again'],
          cause: error,
        });
      });
      const nodes = await nodesOf(tools, record.name);
      if (record.phase === 'ready' && nodes.length > 0 && !(await ours(record))) {
        onProgress({
          text: `kept the kind cluster ${record.name}: it is not the one that this workshop made`,
        });
        return [];
      }
      await removeKindCluster({tools, files, name: record.name, ensure: ensureOptions});
      return nodes.length > 0 ? [`the kind cluster ${record.name}`] : [];
    },
    afterwards: () => ({
      stillRuns: `the kind cluster, in Docker`,
      endWith: 'istio-workshop reset --all',
    }),
  };
}

function notRevived(record: KindRecord, detail: string): WorkshopError {
  return new WorkshopError({
    code: 'cluster-not-revived',
    message: `The kind cluster ${record.name} is there, but does not answer.`,
    detail,
    remedies: [
      `See why: docker logs ${record.name}-control-plane`,
      'Or remove it and begin anew: istio-workshop reset --all',
    ],
  });
}
