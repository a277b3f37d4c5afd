import {WorkshopError} from '../../errors.ts';
import type {Kube, KubeItem} from '../kube/kube.ts';
import {KubeError} from '../kube/rest.ts';
import {injectingRevision} from './injecting-revision.ts';

/** An istiod that runs in a cluster. */
export interface FoundIstio {
  /** Undefined when we may not look where it runs. */
  namespace: string | undefined;
  /** `1.30.3`, or undefined where its image does not say. */
  version: string | undefined;
  /**
   * Whether it gives a sidecar to pods in a namespace with the label `istio-injection=enabled`, which is the one that
   * the labs use; undefined when we may not look.
   */
  injects: boolean | undefined;
  /** Its revision: `default`, or `1-28-4`. */
  revision: string;
}

/** The minor versions of Istio 1 that the labs run with. */
const supported = {from: 27, to: 31};

/**
 * Looks for an istiod in any namespace, or as far as we may look. Of several revisions it is the one that injects by
 * the label of the labs. Who may see no Deployment at all is told by the API itself: Istio's types are served.
 * @returns undefined when there is none.
 */
export async function findIstio(kube: Kube): Promise<FoundIstio | undefined> {
  const deployments = await istiodsOf(kube);
  if (!deployments) {
    const hidden = {namespace: undefined, version: undefined, injects: undefined, revision: 'default'};
    return (await kube.serves('virtualservices.networking.istio.io')) ? hidden : undefined;
  }
  const injecting = await injectingRevision(kube);
  const found = deployments.find(deployment => revisionOf(deployment) === injecting) ?? deployments[0];
  if (!found) return undefined;
  const revision = revisionOf(found);
  return {
    namespace: found.metadata.namespace,
    version: versionOf(found),
    injects: injecting === 'hidden' ? undefined : injecting === revision,
    revision,
  };
}

/** @returns undefined when we may look neither everywhere nor where Istio usually is. */
async function istiodsOf(kube: Kube): Promise<readonly KubeItem[] | undefined> {
  const labels = 'app=istiod';
  return (
    (await allowed(() => kube.list('deployments.apps', {labels}))) ??
    (await allowed(() => kube.list('deployments.apps', {labels, namespace: 'istio-system'})))
  );
}

async function allowed<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof KubeError && error.code === 403) return undefined;
    throw error;
  }
}

function revisionOf({metadata}: KubeItem): string {
  return metadata.labels?.['istio.io/rev'] ?? 'default';
}

/** By the tag of its image; one that is named by its digest has a label of the Helm chart at best. */
function versionOf(deployment: KubeItem): string | undefined {
  const containers: {name: string; image: string}[] = deployment['spec']?.template?.spec?.containers ?? [];
  const image = (containers.find(({name}) => name === 'discovery') ?? containers[0])?.image ?? '';
  const label = deployment.metadata.labels?.['app.kubernetes.io/version'] ?? '';
  return (/:v?(\d+\.\d+\.\d+)/.exec(image) ?? /^v?(\d+\.\d+\.\d+)/.exec(label))?.[1];
}

/** @throws WorkshopError `istio-unsupported` for a version that the labs were not written for. */
export function requireSupported({version, namespace}: FoundIstio): void {
  if (version === undefined) return;
  const [major, minor] = version.split('.').map(Number);
  if (major === 1 && (minor ?? 0) >= supported.from && (minor ?? 0) <= supported.to) return;
  throw new WorkshopError({
    code: 'istio-unsupported',
    message: `Istio ${version} runs in this cluster (in ${namespace}); the labs need 1.${supported.from} to 1.${supported.to}.`,
    remedies: [
      'Use a cluster without Istio, or with one of these versions: --context NAME',
      'Or learn on the built-in sandbox: --workshop sandbox --engine sandbox',
    ],
  });
}
