import type {Via} from '../catalog/lab.ts';
import {type Forward, forwardTo} from '../engines/kube/forward.ts';
import type {Kube, KubeItem} from '../engines/kube/kube.ts';
import {isReady, podsOfService, selectorText} from '../engines/kube/pods.ts';
import {WorkshopError} from '../errors.ts';

const bookinfoNamespace = 'bookinfo';

/** A way to the product page for the time of one check. */
export interface PageEntry extends Forward {
  /** `http://127.0.0.1:40123` */
  origin: string;
}

/**
 * Opens a port-forward to the product page: to every ready productpage pod in turn, or through the ingress
 * gateway, which is the only way that policy on productpage itself is seen.
 * @throws WorkshopError `no-productpage` or `no-gateway` when no ready pod is there to enter.
 */
export async function openPage(kube: Kube, via: Via): Promise<PageEntry> {
  const target = via === 'gateway' ? gatewayPods : productpagePods;
  const first = await target(kube);
  if (first.pods.length === 0) throw first.missing;
  const forward = await forwardTo({
    config: kube.config,
    targets: async () => {
      const {pods, port} = await target(kube);
      return pods.map(pod => ({
        namespace: pod.metadata.namespace ?? 'default',
        pod: pod.metadata.name,
        port,
      }));
    },
  });
  return {...forward, origin: `http://127.0.0.1:${forward.port}`};
}

interface Target {
  pods: readonly KubeItem[];
  port: number;
  missing: WorkshopError;
}

async function productpagePods(kube: Kube): Promise<Target> {
  const pods = (await podsOfService(kube, 'productpage', bookinfoNamespace)).filter(isReady);
  return {
    pods,
    port: 9080,
    missing: new WorkshopError({
      code: 'no-productpage',
      message: 'No productpage pod is ready in the namespace bookinfo.',
      remedies: [
        'Look at the pods: kubectl get pods -n bookinfo',
        {say: 'Deploy Bookinfo', command: 'run 03'},
      ],
    }),
  };
}

/** The pods that the learner's Gateway selects; without one, the pods labelled `istio: ingressgateway`. */
async function gatewayPods(kube: Kube): Promise<Target> {
  const [gateway] = await kube.list('gateways.networking.istio.io', {namespace: bookinfoNamespace});
  const selector: Record<string, string> = gateway?.['spec']?.selector ?? {istio: 'ingressgateway'};
  const pods = (await kube.list('pods', {labels: selectorText(selector)})).filter(isReady);
  const server = gateway?.['spec']?.servers?.[0]?.port?.number ?? 80;
  return {
    pods,
    port: await listeningPort(kube, pods[0], server),
    missing: new WorkshopError({
      code: 'no-gateway',
      message: `No ready gateway pod has the labels ${selectorText(selector)}.`,
      remedies: ['Look at the gateway: kubectl get pods -n istio-ingress --show-labels'],
    }),
  };
}

/** A Gateway's port is a port of the gateway's Service; the pod listens on its targetPort. */
async function listeningPort(kube: Kube, pod: KubeItem | undefined, port: number): Promise<number> {
  if (!pod) return port;
  const services = await kube.list('services', {namespace: pod.metadata.namespace ?? 'default'});
  for (const service of services) {
    const selector: Record<string, string> = service['spec']?.selector ?? {};
    const selects = Object.entries(selector).every(([key, value]) => pod.metadata.labels?.[key] === value);
    const found =
      selects && service['spec']?.ports?.find((candidate: {port: number}) => candidate.port === port);
    if (found && typeof found.targetPort === 'number') return found.targetPort;
  }
  return port;
}
