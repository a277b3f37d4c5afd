import type {Via} from '../catalog/lab.ts';
import {type Forward, forwardTo} from '../engines/kube/forward.ts';
import type {Kube, KubeItem} from '../engines/kube/kube.ts';
import {isReady, podsOfService, selectorText} from '../engines/kube/pods.ts';
import {WorkshopError} from '../errors.ts';
import type {CheckContext} from './context.ts';
import {explainMissingPage, isComingUp} from './page-missing.ts';
import {lookUntilFinal} from './wait.ts';

const bookinfoNamespace = 'bookinfo';

/** Ways to the product page for the time of one check. */
export interface PageEntry {
  /** `http://127.0.0.1:40123` */
  origin: string;
  /**
   * An address for each pod that is ready now. A browser keeps its connections, so that whoever stays with one address
   * stays with one pod, and a pod that lags behind the others would be seen by some visitors only, or by nobody.
   */
  origins(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Of more pods several share an address, and take turns at it. */
const mostAddresses = 16;

function addressesFor(pods: number): number {
  return Math.min(mostAddresses, Math.max(1, pods));
}

/** The pods behind one of the addresses: every pod is behind one, and no address is without where there are pods. */
export function sharing<T>(pods: readonly T[], address: number): readonly T[] {
  const addresses = addressesFor(pods.length);
  return pods.filter((_, place) => place % addresses === address % addresses);
}

/** Goes round a list that may change meanwhile, from one of its places on. */
export function inTurn<T>(list: () => readonly T[], first = 0): () => T {
  let turn = first;
  return () => {
    const now = list();
    if (now.length === 0) throw new RangeError('at least one is needed');
    return now[turn++ % now.length] as T;
  };
}

/**
 * Opens port-forwards to the product page: to every ready productpage pod, or through every ready pod of the ingress
 * gateway, which is the only way that policy on productpage itself is seen.
 * @throws WorkshopError that says why no ready pod is there to enter.
 */
export async function openPage(kube: Kube, via: Via): Promise<PageEntry> {
  const target = targets[via];
  const forwards: Forward[] = [];

  async function origins(): Promise<readonly string[]> {
    const {pods} = await target(kube);
    const wanted = addressesFor(pods.length);
    while (forwards.length < wanted) forwards.push(await forward(forwards.length));
    return forwards.slice(0, wanted).map(({port}) => `http://127.0.0.1:${port}`);
  }

  function forward(index: number): Promise<Forward> {
    return forwardTo({
      config: kube.config,
      targets: async () => {
        const {pods, port} = await target(kube);
        return sharing(pods, index).map(({metadata}) => ({
          namespace: metadata.namespace ?? 'default',
          pod: metadata.name,
          port,
        }));
      },
    });
  }

  if ((await target(kube)).pods.length === 0) throw await explain[via](kube);
  const [origin = ''] = await origins();
  return {
    origin,
    origins,
    close: async () => void (await Promise.all(forwards.map(each => each.close()))),
  };
}

/** Waits for a way to the page, and opens it. @throws WorkshopError as {@link awaitPage} does. */
export async function enter(context: CheckContext, via: Via): Promise<PageEntry> {
  await awaitPage(context, via);
  return openPage(context.kube, via);
}

/**
 * Waits for a way to the page while its pods only come up, as long as an application may take to start.
 * @throws WorkshopError that says what is missing, and what to do about that.
 */
export async function awaitPage(
  {kube, capabilities, time, signal, onProgress}: CheckContext,
  via: Via,
): Promise<void> {
  const error = await lookUntilFinal({
    patience: capabilities.startUp,
    interval: capabilities.simulated ? 50 : 1000,
    time,
    signal,
    onLook(missing, elapsed) {
      if (!missing || !isComingUp(missing)) return;
      const waiting = {for: 'start-up', text: missing.message, elapsed, bound: capabilities.startUp} as const;
      onProgress({seen: missing.message, waiting});
    },
    look: async () => {
      const {pods} = await targets[via](kube);
      const missing = pods.length > 0 ? undefined : await explain[via](kube);
      return {value: missing, final: !missing || !isComingUp(missing)};
    },
  });
  if (error) throw error;
}

interface Target {
  pods: readonly KubeItem[];
  port: number;
}

const targets: Readonly<Record<Via, (kube: Kube) => Promise<Target>>> = {
  productpage: productpagePods,
  gateway: gatewayPods,
};

const explain: Readonly<Record<Via, (kube: Kube) => Promise<WorkshopError>>> = {
  productpage: kube => explainMissingPage(kube, bookinfoNamespace),
  gateway: noGateway,
};

async function productpagePods(kube: Kube): Promise<Target> {
  const pods = (await podsOfService(kube, 'productpage', bookinfoNamespace)).filter(isReady);
  return {pods, port: 9080};
}

/** The labels that the learner's Gateway selects; without one, those of Istio's own. */
async function gatewaySelector(kube: Kube): Promise<{selector: string; port: number}> {
  const [gateway] = await kube.list('gateways.networking.istio.io', {namespace: bookinfoNamespace});
  const labels: Record<string, string> = gateway?.['spec']?.selector ?? {istio: 'ingressgateway'};
  return {selector: selectorText(labels), port: gateway?.['spec']?.servers?.[0]?.port?.number ?? 80};
}

async function gatewayPods(kube: Kube): Promise<Target> {
  const {selector, port} = await gatewaySelector(kube);
  const pods = (await kube.list('pods', {labels: selector})).filter(isReady);
  return {pods, port: await listeningPort(kube, pods[0], port)};
}

async function noGateway(kube: Kube): Promise<WorkshopError> {
  const {selector} = await gatewaySelector(kube);
  return new WorkshopError({
    code: 'no-gateway',
    message: `No ready gateway pod has the labels ${selector}.`,
    remedies: ['Look at the gateway: kubectl get pods -n istio-ingress --show-labels'],
  });
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
