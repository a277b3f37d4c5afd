import {setTimeout as delay} from 'node:timers/promises';
import {messageOf, WorkshopError} from '../../errors.ts';
import {completeReference} from '../../image-reference.ts';
import type {ProcessRunner} from '../../processes.ts';
import {istioVersion} from '../../version.ts';
import type {ChartSource} from '../charts/chart-source.ts';
import {openCharts} from '../charts/source.ts';
import {proxiesSettled} from '../istio/proxies-settled.ts';
import {istioToInstall} from '../istio/wanted-version.ts';
import {openKube} from '../kube/kube.ts';
import type {Capabilities, ClusterEngine, EnsureOptions} from '../port.ts';
import type {ClusterSettings} from '../settings.ts';
import {waitFor} from '../wait-for.ts';
import {type ImageArchive, imageArchives, loadImages, setMirror} from './air-gap.ts';
import {archiveOfImage} from './archive-images.ts';
import {createKindCluster, idsOf, leftInDocker, removeKindCluster} from './create.ts';
import {kindTools, nodesOf, sameNodes} from './docker.ts';
import {nodeImageFor} from './images.ts';
import {istioImages} from './istio-images.ts';
import {type Every, everyInterval} from './progress.ts';
import {forgetKindCluster, type KindRecord, kindFiles, readKindRecord, writeKindRecord} from './record.ts';
import {detectKind, isDockerDown, requireKind} from './requirements.ts';
import {reviveCluster} from './revive.ts';

export interface KindEngineOptions {
  /** The engine's own folder in the workshop's state. */
  folder: string;
  workshop: string;
  settings: ClusterSettings;
  /** The images that the labs' own manifests name: what archives that are brought along have to hold as well. */
  labImages?: readonly string[];
  env: Readonly<Record<string, string>>;
  processes: ProcessRunner;
  /** The server's version when it answers; asked over the kubeconfig. @throws when nobody answers. */
  serverVersion?(kubeconfig: string): Promise<string>;
  now?(): number;
  every?: Every;
  pause?(milliseconds: number, signal: AbortSignal): Promise<void>;
}

const capabilities: Capabilities = {
  simulated: false,
  propagation: 15_000,
  startUp: 120_000,
  rollout: 300_000,
  ownsCluster: true,
};

/** Docker Desktop takes about a minute to start, on slow machines two. */
const dockerStartsWithin = 180_000;

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
  const nodeImage = settings.nodeImage ?? nodeImageFor(settings.istio ?? istioVersion);
  let charts: Promise<ChartSource> | undefined;

  let chartsVersion: string | undefined;

  function chartSource(): Promise<ChartSource> {
    charts ??= openCharts(settings.charts).then(source => {
      chartsVersion = istioToInstall(source, settings.istio);
      return source;
    });
    return charts;
  }

  const answers = (): Promise<boolean> =>
    serverVersion(files.kubeconfig).then(
      () => true,
      () => false,
    );

  /** Gives the nodes what the settings bring along: a mirror, images; what they have had already is not repeated. */
  async function supply(
    record: KindRecord,
    archives: readonly ImageArchive[],
    ensure: EnsureOptions,
  ): Promise<KindRecord> {
    const {hub} = settings;
    let supplied = record;
    if (hub && hub !== record.hub) {
      await setMirror({tools, nodes: await nodesOf(tools, record.name), hub, ensure});
      supplied = {...supplied, hub};
    }
    const missing = archives.filter(({mark}) => !record.images?.includes(mark));
    if (missing.length > 0) {
      await loadImages({tools, cluster: record.name, archives: missing, folder, ensure, now, every});
      supplied = {...supplied, images: [...(record.images ?? []), ...missing.map(({mark}) => mark)]};
    }
    return supplied;
  }

  /** The last of a creation. Half of what was asked for is not what was asked for: then nothing is left of it. */
  async function complete(
    record: KindRecord,
    archives: readonly ImageArchive[],
    ensure: EnsureOptions,
  ): Promise<void> {
    try {
      await writeKindRecord(files, {...(await supply(record, archives, ensure)), phase: 'ready'});
    } catch (error) {
      await removeKindCluster({tools, files, name: record.name, ensure});
      throw error;
    }
  }

  /** Goes on with what was begun: `false` when there is nothing to go on with, and a new cluster is to be made. */
  async function resume(
    record: KindRecord,
    archives: readonly ImageArchive[],
    ensure: EnsureOptions,
  ): Promise<boolean> {
    const {onProgress} = ensure;
    const nodes = await nodesOf(tools, record.name);
    if (nodes.length === 0) {
      if (record.phase === 'ready')
        onProgress({text: `the kind cluster ${record.name} is gone; making a new one`});
      return false;
    }
    if (record.nodes.length > 0 && !sameNodes(nodes, record.nodes)) {
      onProgress({text: `another kind cluster has the name ${record.name} now; it is left alone`});
      return false;
    }
    if (record.phase === 'ready') {
      await reviveCluster({tools, cluster: record.name, ensure, answers, now, pause});
      await writeKindRecord(files, await supply(record, archives, ensure));
      return true;
    }
    // kind writes the kubeconfig when it has done all the rest.
    if (nodes.every(node => node.running) && (await answers())) {
      onProgress({text: 'an interrupted creation had come to its end; going on with it'});
      await complete({...record, nodes: idsOf(nodes)}, archives, ensure);
      return true;
    }
    onProgress({text: 'an interrupted creation left half a cluster'});
    await removeKindCluster({tools, files, name: record.name, ensure});
    return false;
  }

  /** What the archives lack shows in the middle of a lab, as a pod that can't be started; so it is said before. */
  async function sayWhatArchivesLack({onProgress}: EnsureOptions): Promise<void> {
    const {images, charts: given, hub} = settings;
    if (!images || hub) return;
    const folderOfCharts = given && !/^https?:/.test(given) ? given : undefined;
    const held = await archiveOfImage(images, () => {});
    // Charts that can't be read are a failure of their own.
    const ofIstio = await istioImages(settings.istio ?? istioVersion, folderOfCharts).catch(() => []);
    const needed = [...ofIstio, ...(options.labImages ?? [])];
    const lacking = needed.filter(image => !held.has(completeReference(image) ?? image));
    if (lacking.length === 0) return;
    onProgress({
      text: `the archives lack ${lacking.length} of ${needed.length} images, which the node will ask their registries for: ${lacking.join(', ')}`,
    });
  }

  async function ensure(ensureOptions: EnsureOptions): Promise<void> {
    const record = await readKindRecord(files);
    // Before anything is made that would have to be removed again.
    const archives = settings.images ? await archivesOf(settings.images, record) : [];
    if (record?.phase === 'ready' && (await answers())) {
      const supplied = await supply(record, archives, ensureOptions);
      if (supplied !== record) await writeKindRecord(files, supplied);
      return;
    }
    await waitFor(() => requireKind({processes, env, signal: ensureOptions.signal}), {
      what: 'Docker',
      bound: dockerStartsWithin,
      ensure: ensureOptions,
      isAway: isDockerDown,
      now,
      pause,
    });
    if (record && (await resume(record, archives, ensureOptions))) return;
    await requireKind({processes, env, signal: ensureOptions.signal}, 'create');
    await sayWhatArchivesLack(ensureOptions);
    const made = await createKindCluster({
      tools,
      files,
      name: usualName,
      nodeImage,
      ensure: ensureOptions,
      now,
      every,
    });
    await complete(made, archives, ensureOptions);
  }

  return {
    name: 'kind',
    get title() {
      return `kind · Istio ${chartsVersion ?? settings.istio ?? istioVersion}`;
    },
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
          ISTIO_VERSION: istioToInstall(source, settings.istio),
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
      if (nodes.length > 0 && record.nodes.length > 0 && !sameNodes(nodes, record.nodes)) {
        onProgress({
          text: `kept the kind cluster ${record.name}: it is not the one that this workshop made`,
        });
        await forgetKindCluster(files);
        return [];
      }
      await removeKindCluster({tools, files, name: record.name, ensure: ensureOptions});
      const left = await leftInDocker(tools, record.nodeImage);
      if (left.length > 0) onProgress({text: `left in Docker: ${left.join('; ')}`});
      return nodes.length > 0 ? [`the kind cluster ${record.name}`] : [];
    },
    afterwards: () => ({
      stillRuns: `the kind cluster, in Docker`,
      endWith: 'reset --all',
    }),
  };
}

/** Archives that were loaded may be gone since, with the stick that they came on. */
async function archivesOf(given: string, record: KindRecord | undefined): Promise<readonly ImageArchive[]> {
  const loaded = record?.phase === 'ready' && record.images?.some(mark => mark.startsWith(given));
  return loaded ? imageArchives(given).catch(() => []) : imageArchives(given);
}
