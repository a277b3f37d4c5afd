import {distance} from '../../nearest.ts';
import {workloadName} from '../build-snapshot.ts';
import type {IstioObject} from '../types.ts';
import type {Cause} from './cause.ts';
import {change} from './cause.ts';

/** What of a cluster stands under its mesh, as the API returns it. */
export interface Underneath {
  pods: readonly IstioObject[];
  /** Absent where they may not be read. */
  deployments?: readonly IstioObject[];
}

/** What can be done about pods that do not run: always a command or a change to a spec. */
export type Remedy = Pick<Cause, 'code' | 'fix' | 'command' | 'look'> & {object?: string};

interface Waiting {
  container: {name: string; image: string; index: number; initial: boolean};
  reason: string;
}

/** What keeps a pod from running, at its root, with what somebody can do about it. */
export function remedyFor(pod: IstioObject, {pods}: Underneath): Remedy {
  const {name, namespace = ''} = pod.metadata;
  const workload = workloadName(pod);
  const waiting = waitingOf(pod);
  if (waiting && /ImagePull|InvalidImageName|ErrImage/.test(waiting.reason)) {
    return ofImage({pod, waiting, pods, workload, namespace});
  }
  if (waiting?.reason === 'CrashLoopBackOff') {
    return {
      code: 'container-crashes',
      look: 'RESTARTS goes up, and the last words of the container before it ended say why.',
      fix: `spec.template.spec.containers: mend the command or the settings of ${waiting.container.name}`,
      command: `kubectl logs ${name} -n ${namespace} -c ${waiting.container.name} --previous`,
    };
  }
  const unscheduled = unschedulable(pod);
  if (unscheduled !== undefined) {
    const {cpu, memory} = smaller(pod);
    return {
      code: 'node-too-small',
      object: `Deployment ${namespace}/${workload}`,
      look: `No node has room for what it asks for: ${unscheduled}`,
      fix: `spec.template.spec.containers[0].resources.requests: ask for cpu ${cpu} and memory ${memory}, or give the nodes more`,
      command: `kubectl set resources deployment/${workload} -n ${namespace} --requests=cpu=${cpu},memory=${memory}`,
    };
  }
  const running = pod['status']?.phase === 'Running';
  return {
    code: 'pods-not-ready',
    look: 'READY and STATUS of the pods, and the events that kubectl describe shows.',
    fix: running
      ? 'its program runs and is not ready: its own words say what it waits for'
      : 'wait until it has started; where it does not, its events say what for',
    command: running
      ? `kubectl logs ${name} -n ${namespace} --all-containers --tail=20`
      : `kubectl describe pod ${name} -n ${namespace}`,
  };
}

/** Why a workload has no pod at all, and what to do about that. */
export function remedyForNone(
  {namespace, workload}: {namespace: string; workload: string | undefined},
  {deployments}: Underneath,
): Remedy & {sentence?: string} {
  const deployment = deployments?.find(
    ({metadata}) => metadata.namespace === namespace && metadata.name === workload,
  );
  const object = `Deployment ${namespace}/${workload ?? ''}`;
  if (deployment?.spec?.replicas === 0) {
    return {
      code: 'scaled-to-zero',
      object,
      look: 'READY of the Deployment says 0/0: it was told to have no pod.',
      fix: change('spec.replicas', 0, 1),
      command: `kubectl scale deployment ${workload} -n ${namespace} --replicas=1`,
    };
  }
  const failure = failureOf(deployment);
  if (failure !== undefined && /webhook/.test(failure)) {
    const gone = /not found/.test(failure);
    return {
      code: 'webhook-without-istiod',
      object: gone ? 'MutatingWebhookConfiguration istio-sidecar-injector' : 'Deployment istio-system/istiod',
      look: `The API server asks istiod before it makes a pod, and gets no answer: ${failure}`,
      fix: gone
        ? 'webhooks: delete them, since the istiod that they ask is gone; or install it again'
        : 'bring istiod up again; the pods follow by themselves',
      command: gone
        ? 'kubectl delete mutatingwebhookconfiguration istio-sidecar-injector'
        : 'kubectl rollout restart deployment/istiod -n istio-system',
    };
  }
  if (failure !== undefined) {
    return {
      code: 'pods-not-ready',
      object,
      look: failure,
      fix: 'spec.template: what the API server refuses in its pods',
      command: `kubectl describe deployment ${workload} -n ${namespace}`,
    };
  }
  return {
    code: 'pods-not-ready',
    object: workload === undefined ? `Namespace ${namespace}` : object,
    look: 'A Deployment makes the pods: it is listed with READY.',
    fix:
      deployment === undefined
        ? `apply the manifest that has the Deployment${workload === undefined ? '' : ` ${workload}`}`
        : 'wait until it has made its pod',
    command: `kubectl get deployments,pods -n ${namespace}`,
  };
}

function ofImage({
  pod,
  waiting,
  pods,
  workload,
  namespace,
}: {
  pod: IstioObject;
  waiting: Waiting;
  pods: readonly IstioObject[];
  workload: string;
  namespace: string;
}): Remedy {
  const {name, image, index, initial} = waiting.container;
  if (/^(docker\.io\/library\/)?auto(:latest)?$/.test(image)) {
    return {
      code: 'image-auto',
      look: 'The image is called auto: istiod writes the real one when the pod is made, and was not there yet.',
      fix: 'make the pod again, once istiod is ready',
      command: `kubectl delete pod ${pod.metadata.name} -n ${namespace}`,
    };
  }
  const path = `spec.template.spec.${initial ? 'initContainers' : 'containers'}[${index}].image`;
  const right = likeliest(image, pods);
  return {
    code: 'image-not-there',
    object: `Deployment ${namespace}/${workload}`,
    look: 'STATUS says that the image can not be pulled: its name or its tag is none of the registry’s.',
    fix:
      right === undefined
        ? `${path}: ${JSON.stringify(image)} -> one that is there`
        : change(path, image, right),
    command:
      right === undefined
        ? `kubectl describe pod ${pod.metadata.name} -n ${namespace}`
        : `kubectl set image deployment/${workload} ${name}=${right} -n ${namespace}`,
  };
}

/** The image that was meant: one that runs, or the same name with the tag of those beside it. */
function likeliest(image: string, pods: readonly IstioObject[]): string | undefined {
  const running = pods
    .filter(({status}) => status?.phase === 'Running')
    .flatMap(({spec}) => (spec?.containers ?? []).map((each: {image?: string}) => each.image ?? ''))
    .filter(each => each !== '' && each !== image);
  const [, folder = '', tag] = /^(.*\/)?[^/:]+(?::([^/]+))?$/.exec(image) ?? [];
  const beside = running.find(each => folder !== '' && each.startsWith(folder));
  const besideTag = /:([^/]+)$/.exec(beside ?? '')?.[1];
  if (besideTag !== undefined && besideTag !== tag) {
    const bare = tag === undefined ? image : image.slice(0, -tag.length - 1);
    return `${bare}:${besideTag}`;
  }
  const close = running
    .map(each => ({each, apart: distance(each, image)}))
    .filter(({apart}) => apart <= 3)
    .sort((a, b) => a.apart - b.apart)[0];
  return close?.each;
}

function waitingOf(pod: IstioObject): Waiting | undefined {
  const of = (statuses: string, list: string, initial: boolean): Waiting | undefined => {
    const found: {name: string; image?: string; state?: {waiting?: {reason?: string}}}[] =
      pod['status']?.[statuses] ?? [];
    const status = found.find(({state}) => state?.waiting?.reason);
    const reason = status?.state?.waiting?.reason;
    if (!reason) return undefined;
    const containers: {name: string; image?: string}[] = pod.spec?.[list] ?? [];
    const index = Math.max(
      0,
      containers.findIndex(({name}) => name === status?.name),
    );
    const container = containers[index];
    const name = status?.name ?? container?.name ?? '';
    return {reason, container: {name, image: container?.image ?? status?.image ?? '', index, initial}};
  };
  return of('initContainerStatuses', 'initContainers', true) ?? of('containerStatuses', 'containers', false);
}

function unschedulable(pod: IstioObject): string | undefined {
  const conditions: {type: string; status: string; reason?: string; message?: string}[] =
    pod['status']?.conditions ?? [];
  return conditions.find(
    ({type, status, message = ''}) =>
      type === 'PodScheduled' && status === 'False' && /Insufficient (memory|cpu)/.test(message),
  )?.message;
}

/** A quarter of what is asked for, so that a small machine has room; istiod runs the labs with far less. */
function smaller(pod: IstioObject): {cpu: string; memory: string} {
  const [first] = pod.spec?.containers ?? [];
  const {cpu = '100m', memory = '128Mi'} = first?.resources?.requests ?? {};
  return {cpu: quarter(String(cpu), 'm', 1000), memory: quarter(String(memory), 'Mi', 1)};
}

const inMebibytes: Readonly<Record<string, number>> = {Ki: 1 / 1024, Mi: 1, Gi: 1024};

function quarter(quantity: string, unit: 'm' | 'Mi', whole: number): string {
  const [, number = '0', suffix = ''] = /^([\d.]+)(\w*)$/.exec(quantity) ?? [];
  const value =
    unit === 'm'
      ? Number(number) * (suffix === 'm' ? 1 : whole)
      : Number(number) * (inMebibytes[suffix] ?? 1);
  return `${Math.max(unit === 'm' ? 10 : 64, Math.round(value / 4))}${unit}`;
}

function failureOf(deployment: IstioObject | undefined): string | undefined {
  const conditions: {type: string; status: string; message?: string}[] =
    deployment?.['status']?.conditions ?? [];
  return conditions.find(({type, status}) => type === 'ReplicaFailure' && status === 'True')?.message;
}
