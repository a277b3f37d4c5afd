import {messageOf} from '../../errors.ts';
import type {ApiClient} from '../api/client.ts';
import type {Clock, Random} from '../clock.ts';
import {createEventRecorder} from '../controllers/event-recorder.ts';
import {keyOf} from '../controllers/keys.ts';
import {createRuntime} from '../controllers/runtime.ts';
import type {ClusterNetwork, PodAttachment} from '../mesh/network.ts';
import type {KubeObject, Pod} from '../objects.ts';
import {fastPace, type Pace} from '../pace.ts';
import type {PodContainer} from './container.ts';
import type {KnownImage} from './image.ts';
import {createImagePulls} from './image-pulls.ts';
import {createImageStore} from './image-store.ts';
import type {LogLine, LogListener} from './logs.ts';
import {keepNode} from './node.ts';
import {nodeFacts} from './node-facts.ts';
import {createPodAddresses} from './pod-addresses.ts';
import {createAdmission} from './pod-admission.ts';
import {createPodWorker, type PodWorker} from './pod-worker.ts';
import type {ExecProbe} from './probes.ts';
import {startScheduler} from './scheduler.ts';

export interface KubeletOptions {
  client: ApiClient;
  network: ClusterNetwork;
  images: readonly KnownImage[];
  clock: Clock;
  random: Random;
  /** @default fast */
  pace?: Pace;
  /** @default exec probes fail and say why */
  execProbe?: ExecProbe;
  /** @default `istio-workshop-control-plane` */
  nodeName?: string;
  /** Hears of what the scheduler could not do; it is tried again. */
  onError?: (key: string, error: unknown) => void;
}

/** What the streaming subresources (`exec`, `log`, `portforward`) need to know of a container. */
export interface ContainerHandle extends PodContainer {
  readonly attachment: PodAttachment | undefined;
}

export interface Kubelet {
  /** A container of a pod on this node, whether it runs or not. */
  container(podUid: string, name: string): ContainerHandle | undefined;
  /** What containers printed; fits the log subresource. */
  readonly logs: {
    read(pod: Pod, container: string, options: {previous: boolean}): readonly LogLine[] | undefined;
    follow(pod: Pod, container: string, listener: LogListener): () => void;
  };
  /** Resolves when nothing is left to do now; what waits for time or for programs does not count. */
  idle(): Promise<void>;
  /** Resolves when the pods that ran before serve again, or have failed to; 5 s later at the latest. */
  adopted: Promise<void>;
  /** Stops all programs. The pods stay as they are in the API; the next kubelet takes them over. */
  close(): Promise<void>;
}

/** The kubelet's `--max-pods`, whatever the node's status says. */
const mostPods = 110;
/** How long a start waits for the pods of an earlier run, in milliseconds. */
const longestAdoption = 5000;

/** Registers the one node, schedules pods to it, and runs them. */
export function startKubelet(options: KubeletOptions): Kubelet {
  const {client, network, clock, random, pace = fastPace, execProbe} = options;
  const facts = nodeFacts(client, options.nodeName ?? 'istio-workshop-control-plane');
  const runtime = createRuntime({...options, component: 'kubelet'});
  const images = createImageStore(options.images);
  const events = createEventRecorder({client, clock, component: 'kubelet', host: facts.name});
  const addresses = createPodAddresses();
  const workers = new Map<string, PodWorker>();
  const admission = createAdmission({client, events, capacity: mostPods});
  const dependencies = {
    client,
    network,
    clock,
    random,
    turns: runtime.turns,
    events,
    images,
    pulls: createImagePulls({images, clock, pace}),
    pace,
    addresses,
    node: facts,
    execProbe,
    onError: options.onError ?? (() => {}),
  };
  const endNode = keepNode({client, clock, facts, images, onError: dependencies.onError});

  let ranBefore: string[] = [];
  let starting = true;
  const adoption = completion();
  const adoptionLimit = clock.after(longestAdoption, adoption.complete);

  function checkAdoption() {
    ranBefore = ranBefore.filter(uid => workers.get(uid)?.returning);
    if (ranBefore.length > 0) return;
    adoptionLimit.cancel();
    adoption.complete();
  }

  runtime.watch<Pod>('pods', ({type, object}) => {
    const uid = object.metadata.uid ?? '';
    if (starting && object.status?.phase === 'Running') ranBefore.push(uid);
    if (object.spec.nodeName !== facts.name) return;
    admission.note(object, type === 'DELETED');
    const worker = workers.get(uid);
    if (type === 'DELETED') {
      workers.delete(uid);
      // Removed by force while it ran: its programs have to go all the same.
      if (worker) runtime.turns.take(() => void worker.abandon());
    } else if (worker) worker.update(object);
    else runtime.turns.take(() => adopt(uid, object));
  });
  starting = false;
  runtime.turns.take(checkAdoption);
  for (const resource of ['configmaps', 'secrets'])
    runtime.watch(resource, ({object}) => retryConfig(object));
  startScheduler(runtime);

  function adopt(uid: string, seen: Pod) {
    if (workers.has(uid)) return;
    const pod = client.get<Pod>('pods', seen.metadata.name, seen.metadata.namespace);
    if (pod?.metadata.uid !== uid || !admission.admit(pod)) return;
    try {
      workers.set(
        uid,
        createPodWorker(pod, dependencies, () => workers.delete(uid), adoptionStep),
      );
    } catch (error) {
      dependencies.onError(`pods ${keyOf(pod)}`, error);
      events.warning(pod, 'FailedSync', `Error syncing pod, skipping: ${messageOf(error)}`);
    }
  }

  function adoptionStep() {
    if (ranBefore.length > 0) checkAdoption();
  }

  function retryConfig(object: KubeObject) {
    for (const worker of workers.values()) {
      if (worker.namespace === object.metadata.namespace) worker.retryConfig();
    }
  }

  const kubelet: Kubelet = {
    container(podUid, name) {
      const worker = workers.get(podUid);
      const found = worker?.containers.find(container => container.spec.name === name);
      if (!worker || !found) return undefined;
      return Object.create(found, {attachment: {get: () => worker.attachment}}) as ContainerHandle;
    },
    logs: {
      read: (pod, container, {previous}) =>
        kubelet.container(pod.metadata.uid ?? '', container)?.logs.read({previous}),
      follow(pod, container, listener) {
        const found = kubelet.container(pod.metadata.uid ?? '', container);
        if (found?.running) return found.logs.follow(listener);
        listener.end();
        return () => {};
      },
    },
    idle: () => runtime.turns.idle(),
    adopted: adoption.promise,
    async close() {
      adoptionLimit.cancel();
      adoption.complete();
      runtime.close();
      endNode();
      await Promise.all([...workers.values()].map(worker => worker.abandon()));
      workers.clear();
    },
  };
  return kubelet;
}

function completion(): {promise: Promise<void>; complete: () => void} {
  let complete = () => {};
  const promise = new Promise<void>(resolve => {
    complete = resolve;
  });
  return {promise, complete};
}
