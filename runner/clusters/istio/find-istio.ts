import {WorkshopError} from '../../errors.ts';
import type {Kube, KubeItem} from '../kube/kube.ts';
import {KubeError} from '../kube/rest.ts';

/** An istiod that runs in a cluster. */
export interface FoundIstio {
  namespace: string;
  /** `1.30.3`, or undefined where its image does not say. */
  version: string | undefined;
}

/** The minor versions of Istio 1 that the labs run with. */
const supported = {from: 27, to: 31};

/**
 * Looks for an istiod in any namespace.
 * @returns undefined when there is none, or when we may not look.
 */
export async function findIstio(kube: Kube): Promise<FoundIstio | undefined> {
  let deployments: readonly KubeItem[];
  try {
    deployments = await kube.list('deployments.apps', {labels: 'app=istiod'});
  } catch (error) {
    if (error instanceof KubeError && error.code === 403) return undefined;
    throw error;
  }
  const [found] = deployments;
  if (!found) return undefined;
  const containers: {name: string; image: string}[] = found['spec']?.template?.spec?.containers ?? [];
  const image = (containers.find(({name}) => name === 'discovery') ?? containers[0])?.image ?? '';
  return {
    namespace: found.metadata.namespace ?? 'istio-system',
    version: /:v?(\d+\.\d+\.\d+)/.exec(image)?.[1],
  };
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
