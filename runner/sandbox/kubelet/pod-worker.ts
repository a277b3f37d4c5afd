import {messageOf} from '../../errors.ts';
import type {ApiClient} from '../api/client.ts';
import {ApiError} from '../api/errors.ts';
import {type Clock, type Random, rfc3339} from '../clock.ts';
import type {EventRecorder} from '../controllers/event-recorder.ts';
import {keyOf} from '../controllers/keys.ts';
import type {Turns} from '../controllers/turns.ts';
import type {ClusterNetwork, PodAttachment} from '../mesh/network.ts';
import type {Container, ContainerStatus, Pod} from '../objects.ts';
import type {Pace} from '../pace.ts';
import {type ContainerRole, createPodContainer, gracePeriod, type PodContainer} from './container.ts';
import {resolveEnvironment} from './environment.ts';
import type {ImagePulls} from './image-pulls.ts';
import type {ImageStore} from './image-store.ts';
import type {NodeFacts} from './node-facts.ts';
import type {PodAddresses} from './pod-addresses.ts';
import {passed, podStatus} from './pod-status.ts';
import type {ExecProbe} from './probes.ts';
import {missingVolume} from './volumes.ts';

export interface PodWorkerDependencies {
  client: ApiClient;
  network: ClusterNetwork;
  clock: Clock;
  random: Random;
  turns: Turns;
  events: EventRecorder;
  images: ImageStore;
  pulls: ImagePulls;
  pace: Pace;
  addresses: PodAddresses;
  node: NodeFacts;
  execProbe: ExecProbe | undefined;
  /** Hears of what could not be done for a pod; it is tried again. */
  onError: (key: string, error: unknown) => void;
}

/** Everything the kubelet does for one pod, from its arrival on the node to its end. */
export interface PodWorker {
  readonly namespace: string | undefined;
  readonly containers: readonly PodContainer[];
  readonly attachment: PodAttachment | undefined;
  /** Taken over from an earlier kubelet, and not all of its programs serve again. */
  readonly returning: boolean;
  /** The pod changed, or something that it may wait for. */
  update(pod: Pod): void;
  /** A ConfigMap or Secret of its namespace changed. */
  retryConfig(): void;
  /** Stops its programs; what the API says of it stays, for the kubelet that comes next. */
  abandon(): Promise<void>;
}

const retryMount = 2000;
const firstRetry = 100;
const longestRetry = 30_000;

export function createPodWorker(
  first: Pod,
  dependencies: PodWorkerDependencies,
  onGone: () => void,
  onStep: () => void = () => {},
): PodWorker {
  const {client, network, clock, turns, events, addresses, node} = dependencies;
  let pod = first;
  let attachment: PodAttachment | undefined;
  let address: string | undefined;
  let preparing = false;
  let ending = false;
  let abandoned = false;
  let asked = false;
  /** The pod ended by itself, and that has been seen to. */
  let left = false;
  /** Until it is on the network again, a pod of an earlier kubelet looks as that one left it. */
  let takenOver = first.status?.podIP !== undefined;
  let mountFailure: string | undefined;
  let failures = 0;

  const build = (spec: Container, role: ContainerRole, statuses: ContainerStatus[] | undefined) =>
    createPodContainer(
      spec,
      role,
      {
        ...dependencies,
        pod: () => pod,
        attachment: () => attachment as PodAttachment,
        environment: container => {
          const facts = {pod, podIP: address ?? '', hostIP: node.ip, allocatable: node.allocatable};
          return resolveEnvironment(client, facts, container);
        },
        changed: step,
      },
      statuses?.find(status => status.name === spec.name),
    );
  const init = (first.spec.initContainers ?? []).map(spec =>
    build(spec, spec.restartPolicy === 'Always' ? 'sidecar' : 'init', first.status?.initContainerStatuses),
  );
  const apps = first.spec.containers.map(spec => build(spec, 'app', first.status?.containerStatuses));
  const all = [...init, ...apps];
  /** Once its containers ran, a restart of a sidecar does not hold the others back. */
  let initialisedOnce = first.status?.phase === 'Running';

  function step() {
    if (asked || abandoned) return;
    asked = true;
    turns.take(() => {
      asked = false;
      if (!abandoned) attempt(advance);
      onStep();
    });
  }

  function attempt(work: () => void) {
    try {
      work();
      failures = 0;
    } catch (error) {
      fail(error);
    }
  }

  /** Says what went wrong with this pod and comes back to it, later each time; the other pods go on. */
  function fail(error: unknown) {
    if (abandoned) return;
    dependencies.onError(`pods ${keyOf(pod)}`, error);
    events.warning(pod, 'FailedSync', `Error syncing pod, skipping: ${messageOf(error)}`);
    clock.after(Math.min(longestRetry, firstRetry * 2 ** failures), step);
    failures += 1;
  }

  function advance() {
    if (pod.metadata.deletionTimestamp !== undefined) {
      if (!ending) finish().catch(failEnding);
      return;
    }
    if (ending) return;
    if (hasEnded()) {
      if (!left) leave().catch(failEnding);
      return;
    }
    if (attachment) startContainers();
    else if (!preparing) {
      prepare().catch(error => {
        preparing = false;
        fail(error);
      });
    }
    writeStatus();
  }

  async function prepare() {
    preparing = true;
    const missing = missingVolume(client, pod);
    if (missing) {
      if (mountFailure !== missing.message) events.warning(pod, 'FailedMount', missing.message);
      mountFailure = missing.message;
      clock.after(retryMount, () => {
        preparing = false;
        step();
      });
      return;
    }
    try {
      address ??= takeAddress();
      const {name, namespace = 'default', uid = ''} = pod.metadata;
      attachment = await network.attach({ip: address, namespace, name, uid});
    } catch (error) {
      events.warning(pod, 'FailedCreatePodSandBox', `Failed to create pod sandbox: ${messageOf(error)}`);
      clock.after(retryMount, () => {
        preparing = false;
        step();
      });
      return;
    }
    takenOver = false;
    if (abandoned) await release();
    step();
  }

  function failEnding(error: unknown) {
    ending = false;
    left = false;
    fail(error);
  }

  const hasEnded = () => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

  function takeAddress(): string {
    if (pod.spec.hostNetwork) return node.ip;
    return pod.status?.podIP ?? addresses.take();
  }

  function startContainers() {
    for (const container of init) {
      container.ensureStarted();
      if (!passed(container) && !initialisedOnce) return;
    }
    initialisedOnce = true;
    for (const container of apps) container.ensureStarted();
  }

  function writeStatus() {
    const current = client.get<Pod>('pods', pod.metadata.name, pod.metadata.namespace);
    if (!current || current.metadata.uid !== pod.metadata.uid) return;
    const now = rfc3339(clock.now());
    const sandboxed = attachment !== undefined || takenOver;
    const status = podStatus({pod: current, init, apps, sandboxed, podIP: address, hostIP: node.ip, now});
    pod = client.updateStatus<Pod>('pods', {...current, status});
    if (hasEnded() && !left) step();
  }

  /** The pod ended by itself: sidecars go after the containers they served. */
  async function leave() {
    left = true;
    ending = true;
    await stopAll();
    await release();
    ending = false;
    if (abandoned) return;
    writeStatus();
    step();
  }

  async function stopAll() {
    const grace = gracePeriod(pod);
    await Promise.all(
      [...apps, ...init.filter(one => one.role === 'init')].map(container => container.stop(grace)),
    );
    for (const sidecar of init.filter(one => one.role === 'sidecar').reverse()) await sidecar.stop(grace);
  }

  async function release() {
    await attachment?.detach();
    attachment = undefined;
  }

  function freeAddress() {
    if (address !== undefined && !pod.spec.hostNetwork) addresses.release(address);
    address = undefined;
  }

  async function finish() {
    ending = true;
    await stopAll();
    await release();
    if (abandoned) return;
    attempt(writeStatus);
    freeAddress();
    try {
      const {name, namespace, uid} = pod.metadata;
      client.delete('pods', name, {
        ...(namespace ? {namespace} : {}),
        ...(uid ? {uid} : {}),
        gracePeriodSeconds: 0,
      });
    } catch (error) {
      // Somebody was quicker, with --force.
      if (!(error instanceof ApiError)) throw error;
    }
    onGone();
  }

  if (first.status?.podIP && !first.spec.hostNetwork) {
    address = first.status.podIP;
    addresses.keep(address);
  }
  step();

  return {
    namespace: first.metadata.namespace,
    containers: all,
    get attachment() {
      return attachment;
    },
    get returning() {
      return !ending && !abandoned && !hasEnded() && all.some(container => container.returning);
    },
    update(next) {
      pod = next;
      step();
    },
    retryConfig() {
      const waitsForMount = mountFailure !== undefined && !attachment;
      const waiting = all.filter(container => container.waitsForConfig);
      // Thousands of ConfigMaps may come while a hundred pods run.
      if (!waitsForMount && waiting.length === 0) return;
      if (waitsForMount) preparing = false;
      for (const container of waiting) container.retry();
      step();
    },
    async abandon() {
      abandoned = true;
      await stopAll();
      await release();
      freeAddress();
    },
  };
}
