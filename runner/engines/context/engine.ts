import {randomBytes} from 'node:crypto';
import {existsSync, readFileSync} from 'node:fs';
import {mkdir, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {exitCodes, messageOf, WorkshopError} from '../../errors.ts';
import type {ProcessRunner} from '../../processes.ts';
import type {ChartSource} from '../charts/chart-source.ts';
import {openCharts} from '../charts/source.ts';
import {type FoundIstio, findIstio, requireSupported} from '../istio/find-istio.ts';
import {proxiesSettled} from '../istio/proxies-settled.ts';
import {istioToInstall, requireIstio} from '../istio/wanted-version.ts';
import {type Kube, openKube, openKubeText} from '../kube/kube.ts';
import type {
  BeginOptions,
  Capabilities,
  ClusterEngine,
  ClusterFacts,
  Consent,
  EnsureOptions,
} from '../port.ts';
import type {ClusterSettings} from '../settings.ts';
import {waitFor} from '../wait-for.ts';
import {clusterIdentity, requireSameCluster} from './identity.ts';
import {kubeconfigFiles, type MinifiedContext, minifyKubeconfig, writeKubeconfig} from './kubeconfig.ts';
import {labNamespaces, requireFreeNamespaces} from './namespaces.ts';
import {inForeignCluster, isAway} from './refusals.ts';
import {removeOwn} from './remove.ts';
import {missingRights} from './rights.ts';

export interface ContextEngineOptions {
  /** The engine's own folder in the workshop's state. */
  folder: string;
  settings: ClusterSettings;
  /** What the workshop remembers of its cluster; empty when it has not begun. */
  facts: ClusterFacts;
  /** The user's own environment: where their kubeconfig is. */
  env: Readonly<Record<string, string>>;
  home: string;
  processes: ProcessRunner;
  now?(): number;
  pause?(milliseconds: number, signal: AbortSignal): Promise<void>;
}

const capabilities: Capabilities = {
  simulated: false,
  propagation: 15_000,
  startUp: 120_000,
  rollout: 300_000,
  ownsCluster: false,
  namespaces: labNamespaces,
};

/** A VPN is dialled again, or a cluster's machine started, by somebody who has to be told first. */
const comesBackWithin = 180_000;

/** Any cluster that a kubeconfig context reaches: never created, never deleted, and changed only after a yes. */
export function createContextEngine(options: ContextEngineOptions): ClusterEngine {
  const {folder, settings, env, home, processes} = options;
  const kubeconfig = path.join(folder, 'kubeconfig');
  const ownerFile = path.join(folder, 'owner');
  const pause = options.pause ?? ((milliseconds, signal) => delay(milliseconds, undefined, {signal}));
  const now = options.now ?? (() => performance.now());
  let facts = options.facts;
  let charts: Promise<ChartSource> | undefined;

  function chartSource(): Promise<ChartSource> {
    charts ??= openCharts(settings.charts);
    return charts;
  }

  /** Marks what the labs make; random, because a workshop of the same name may exist on another machine. */
  async function owner(): Promise<string> {
    if (existsSync(ownerFile)) return readFileSync(ownerFile, 'utf8').trim();
    const made = `workshop-${randomBytes(4).toString('hex')}`;
    await mkdir(folder, {recursive: true, mode: 0o700});
    await writeFile(ownerFile, `${made}\n`, {mode: 0o600});
    return made;
  }

  function chosen(): MinifiedContext {
    const wanted = settings.context ?? facts.context;
    if (facts.context && wanted !== facts.context) {
      throw new WorkshopError({
        code: 'other-context',
        message: `This workshop runs on the context "${facts.context}", not on "${wanted}".`,
        remedies: [`Begin another workshop: --workshop NAME --engine context --context ${wanted}`],
        exitCode: exitCodes.usage,
      });
    }
    return minifyKubeconfig(kubeconfigFiles({given: settings.kubeconfig, env, home}), wanted);
  }

  /** The cluster of the copied kubeconfig, if it is still the same. */
  async function connected(): Promise<Kube> {
    return sameCluster(await openKube(kubeconfig));
  }

  /** @throws WorkshopError `other-cluster` */
  async function sameCluster(kube: Kube): Promise<Kube> {
    const found = await clusterIdentity(kube, facts.clusterId);
    requireSameCluster({context: facts.context ?? '', recorded: facts.clusterId, found});
    return kube;
  }

  /** As `connected`, with the credentials of the user's own file where it still has the context. */
  async function reconnected(): Promise<Kube> {
    let context: MinifiedContext;
    try {
      context = chosen();
    } catch {
      return connected();
    }
    const kube = await sameCluster(await openKubeText(context.text));
    await writeKubeconfig(kubeconfig, context);
    return kube;
  }

  function here<T>(work: () => Promise<T>): Promise<T> {
    return inForeignCluster(facts.context ?? settings.context ?? '', work);
  }

  /** One that was never reached has not stopped: its address may be wrong, which is said at once. */
  function untilBack<T>(ensure: EnsureOptions, work: () => Promise<T>): Promise<T> {
    if (facts.clusterId === undefined) return work();
    const what = `The cluster of the context "${facts.context}"`;
    return waitFor(work, {what, bound: comesBackWithin, ensure, isAway, now, pause});
  }

  /** A cluster that is gone for good must not keep its workshop from being forgotten. */
  function withWayOut(error: unknown): never {
    if (!(error instanceof WorkshopError)) throw error;
    throw new WorkshopError({
      code: error.code,
      message: error.message,
      ...(error.detail === undefined ? {} : {detail: error.detail}),
      remedies: [
        ...error.remedies,
        `If the cluster is gone for good, forget the workshop: rm -r ${path.dirname(folder)}`,
      ],
      cause: error,
    });
  }

  async function begin(beginOptions: BeginOptions): Promise<ClusterFacts> {
    refuseWhatNeedsNodes(settings);
    const context = chosen();
    return untilBack(beginOptions, () =>
      inForeignCluster(context.name, () => beginOn(context, beginOptions)),
    );
  }

  async function beginOn(context: MinifiedContext, beginOptions: BeginOptions): Promise<ClusterFacts> {
    const kube = await openKubeText(context.text);
    const identity = await clusterIdentity(kube, facts.clusterId);
    requireSameCluster({context: context.name, recorded: facts.clusterId, found: identity});
    // Copied anew each time: credentials are renewed in the user's own file.
    await writeKubeconfig(kubeconfig, context);
    facts = {...facts, context: context.name};
    if (options.facts.clusterId !== undefined) return facts;

    const istio = await findIstio(kube);
    if (istio) {
      requireSupported(istio);
      requireIstio(istio, settings.istio);
    }
    const installing = !istio;
    await requireFreeNamespaces(kube, {owner: await owner(), installing});
    const consent = {
      facts: await factsOf(context, kube, istio),
      question: `Do the labs in this cluster?`,
    };
    if (!(await (beginOptions.confirm?.(consent) ?? Promise.reject(unasked(context, consent))))) {
      throw new WorkshopError({
        code: 'not-agreed',
        message: 'Nothing was changed.',
        remedies: [
          'Choose another cluster: --context NAME',
          'Or learn on the built-in sandbox: --engine sandbox',
        ],
        exitCode: exitCodes.interrupted,
      });
    }
    const version = istio ? istio.version : istioToInstall(await chartSource(), settings.istio);
    facts = {
      ...facts,
      clusterId: identity,
      istio: installing ? 'ours' : 'existing',
      ...(version ? {istioVersion: version} : {}),
    };
    return facts;
  }

  return {
    name: 'context',
    get title() {
      const cluster = `context${facts.context ? ` ${facts.context}` : ''}`;
      return facts.istio ? `${cluster} · Istio ${facts.istioVersion ?? 'of an unknown version'}` : cluster;
    },
    capabilities,
    async detect() {
      const needs = 'a cluster in your kubeconfig, kubectl and helm';
      try {
        const {name, server} = chosen();
        return {
          usable: true,
          needs,
          requirements: [{name: 'context', found: true, detail: `${name}, ${server}`}],
        };
      } catch (error) {
        if (!(error instanceof WorkshopError)) throw error;
        const remedy = error.remedies[0];
        const requirement = {
          name: 'context',
          found: false,
          detail: messageOf(error),
          ...(remedy ? {remedy} : {}),
        };
        return {usable: false, needs, requirements: [requirement]};
      }
    },
    begin,
    ensure: ensureOptions =>
      untilBack(ensureOptions, () => here(async () => void (await (await connected()).version()))),
    async verify() {
      if (facts.clusterId !== undefined) await here(reconnected);
    },
    async connect() {
      const source = await chartSource();
      return {
        kubeconfig,
        env: {
          ISTIO_CHARTS: source.url,
          ISTIO_VERSION: istioToInstall(source, settings.istio),
          ISTIO_WORKSHOP_OWNER: await owner(),
        },
      };
    },
    async running() {
      if (!existsSync(kubeconfig)) return false;
      return connected().then(
        () => true,
        () => false,
      );
    },
    settled: async signal => proxiesSettled(await openKube(kubeconfig), signal, labNamespaces),
    async delete(ensure) {
      // Before the yes, nothing was made.
      if (facts.clusterId === undefined || !existsSync(kubeconfig)) return [];
      const kube = await here(reconnected).catch(withWayOut);
      const removed = await here(async () =>
        removeOwn({
          kube,
          owner: await owner(),
          processes,
          env: {...env, KUBECONFIG: kubeconfig},
          ensure,
          pause,
        }),
      );
      if (facts.istio === 'existing')
        ensure.onProgress({text: 'kept Istio: it was there before this workshop'});
      await rm(folder, {recursive: true, force: true});
      return removed;
    },
    afterwards: () => undefined,
  };
}

async function factsOf(
  context: MinifiedContext,
  kube: Kube,
  istio: FoundIstio | undefined,
): Promise<readonly string[]> {
  const missing = await missingRights(kube, {installing: !istio});
  return [
    `context ${context.name} at ${context.server}, Kubernetes ${await kube.version()}`,
    ...istioFacts(istio),
    ...missing.map(right => `missing right: ${right}`),
  ];
}

function istioFacts(istio: FoundIstio | undefined): readonly string[] {
  if (!istio) return ['no Istio runs in it: lab 2 installs one'];
  const {version, namespace, injects, revision} = istio;
  const runs =
    namespace === undefined
      ? "Istio's types are there, and where it runs you may not see"
      : `Istio ${version ?? 'of an unknown version'} runs in ${namespace}`;
  const found = `${runs}: it is used as it is, and stays`;
  if (injects !== false) return [found];
  return [
    found,
    `no sidecar comes of the label istio-injection=enabled, which lab 3 needs: istioctl tag set default --revision ${revision}`,
  ];
}

function unasked({name}: MinifiedContext, {facts}: Consent): WorkshopError {
  return new WorkshopError({
    code: 'consent-needed',
    message: `The labs would change the cluster of the context "${name}", and nobody is here to agree.`,
    detail: facts.join('; '),
    remedies: ['Agree on the command line: --yes'],
  });
}

/** Nodes that are not ours can't be given images or mirrors. */
function refuseWhatNeedsNodes({images, hub, nodeImage}: ClusterSettings): void {
  const given = [images && '--images', hub && '--hub', nodeImage && '--node-image'].filter(Boolean);
  if (given.length === 0) return;
  throw new WorkshopError({
    code: 'not-for-context',
    message: `${given.join(' and ')} can't be used with the engine context, which never touches nodes.`,
    remedies: ["Set the mirror up in the cluster's own container runtime", 'Or use the engine kind'],
    exitCode: exitCodes.usage,
  });
}
