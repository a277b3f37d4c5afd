import {WorkshopError} from '../../errors.ts';
import type {ProcessRunner} from '../../processes.ts';
import type {Kube} from '../kube/kube.ts';
import {KubeError} from '../kube/rest.ts';
import type {EnsureOptions} from '../port.ts';
import {lastLine} from '../tools.ts';
import {foreignNamespaces, ownNamespaces} from './namespaces.ts';

export interface RemoveOptions {
  kube: Kube;
  owner: string;
  processes: ProcessRunner;
  /** Leads helm to the cluster. */
  env: Readonly<Record<string, string>>;
  ensure: EnsureOptions;
  pause(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/**
 * Removes the namespaces that carry this workshop's label, and first the Helm releases in them, which hold objects of
 * the whole cluster. Custom resource definitions stay: with them, everybody's routes would go.
 * @returns what was removed. @throws WorkshopError that names what is left.
 */
export async function removeOwn(options: RemoveOptions): Promise<readonly string[]> {
  const {kube, owner, ensure} = options;
  const namespaces = await ownNamespaces(kube, owner);
  const removed: string[] = [];
  for (const namespace of namespaces) {
    for (const release of await releasesIn(kube, namespace)) {
      await uninstall(release, namespace, options);
      removed.push(`the Helm release ${release} in ${namespace}`);
    }
  }
  for (const namespace of namespaces) {
    ensure.onProgress({text: `removing the namespace ${namespace}`});
    await kube.remove('namespaces', namespace);
  }
  await untilGone(options);
  removed.push(...namespaces.map(namespace => `the namespace ${namespace}`));
  for (const namespace of await foreignNamespaces(kube, owner)) {
    ensure.onProgress({text: `kept the namespace ${namespace}: it does not carry this workshop's label`});
  }
  await tellOfSpread(options, removed.length > namespaces.length);
  const crds = (await kube.list('customresourcedefinitions').catch(() => [])).filter(({metadata}) =>
    metadata.name.endsWith('.istio.io'),
  );
  if (crds.length > 0) {
    ensure.onProgress({
      text: `kept Istio's ${crds.length} resource types (CRDs); list them: kubectl get crd -l release=istio`,
    });
  }
  return removed;
}

/** istiod writes its root certificate into every namespace, also into those of others, and leaves it there. */
async function tellOfSpread({kube, ensure}: RemoveOptions, installed: boolean): Promise<void> {
  if (!installed) return;
  const found = await kube.list('configmaps', {labels: 'istio.io/config=true'}).catch(() => []);
  if (found.length === 0) return;
  ensure.onProgress({
    text: `kept ${found.length} ConfigMaps that istiod wrote into other namespaces; remove them: kubectl delete configmap -A -l istio.io/config=true`,
  });
}

/** Helm keeps each release in secrets of its namespace; istio-base goes last, since the others stand on it. */
async function releasesIn(kube: Kube, namespace: string): Promise<readonly string[]> {
  const secrets = await kube.list('secrets', {namespace, labels: 'owner=helm'}).catch(error => {
    // Who may not read them can't have installed by Helm there.
    if (error instanceof KubeError && error.code === 403) return [];
    throw error;
  });
  const names = new Set(secrets.flatMap(({metadata}) => metadata.labels?.['name'] ?? []));
  return [...names].sort((a, b) => Number(a === 'istio-base') - Number(b === 'istio-base'));
}

async function uninstall(release: string, namespace: string, options: RemoveOptions): Promise<void> {
  const args = ['uninstall', release, '--namespace', namespace];
  options.ensure.onProgress({text: `$ helm ${args.join(' ')}`});
  const {processes, env, ensure} = options;
  const result = await processes.tool({command: 'helm', args, env, signal: ensure.signal});
  if (result.exitCode === 0) return;
  throw new WorkshopError({
    code: 'release-not-removed',
    message: `The Helm release ${release} in ${namespace} could not be removed; it and the namespaces are left.`,
    detail: lastLine(result.stderr),
    remedies: [`Remove it by hand: helm ${args.join(' ')}`, {say: 'Then try again', command: 'reset --all'}],
  });
}

const goneAfterChecks = 180;

/** A namespace is gone when all in it is. @throws WorkshopError `namespace-not-removed` after three minutes. */
async function untilGone({kube, owner, ensure, pause}: RemoveOptions): Promise<void> {
  for (let check = 1; ; check += 1) {
    const left = await ownNamespaces(kube, owner);
    if (left.length === 0) return;
    ensure.signal.throwIfAborted();
    if (check > goneAfterChecks) {
      throw new WorkshopError({
        code: 'namespace-not-removed',
        message: `These namespaces are being removed, but are still there: ${left.join(', ')}.`,
        remedies: [`See what holds them: kubectl describe namespace ${left[0]}`],
      });
    }
    if (check % 15 === 0)
      ensure.onProgress({
        text: `waiting for ${left.join(', ')} to go: ${check} s so far, usually under 60 s`,
      });
    await pause(1000, ensure.signal);
  }
}
