import type {ApiClient} from '../api/client.ts';
import {kubernetesVersion} from '../api/version.ts';
import {type Clock, rfc3339, type Timer} from '../clock.ts';
import type {Condition, KubeObject} from '../objects.ts';
import type {ImageStore} from './image-store.ts';
import type {NodeFacts} from './node-facts.ts';

const leaseNamespace = 'kube-node-lease';
const leaseSeconds = 40;
/** Real kubelets renew every 10 s; less often keeps an idle sandbox quiet and the lease just as valid. */
const renewal = 30_000;
/** How often the node's conditions say that they were checked. */
const heartbeat = 300_000;

/** Registers the node and keeps it Ready. @returns a function that ends it. */
export function keepNode(options: {
  client: ApiClient;
  clock: Clock;
  facts: NodeFacts;
  images: ImageStore;
  /** Hears of what could not be written and is tried again. */
  onError?: (what: string, error: unknown) => void;
}): () => void {
  const {client, clock, facts, images, onError = () => {}} = options;
  let timer: Timer | undefined;
  let lastBeat = 0;

  function register() {
    const before = client.get('nodes', facts.name);
    const labels = {
      'beta.kubernetes.io/arch': 'amd64',
      'beta.kubernetes.io/os': 'linux',
      'kubernetes.io/arch': 'amd64',
      'kubernetes.io/hostname': facts.name,
      'kubernetes.io/os': 'linux',
      'node-role.kubernetes.io/control-plane': '',
    };
    if (!before) {
      client.create('nodes', {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: {
          name: facts.name,
          labels,
          annotations: {'node.alpha.kubernetes.io/ttl': '0'},
        },
        spec: {podCIDR: '10.244.0.0/24', podCIDRs: ['10.244.0.0/24']},
      });
    }
    beat();
  }

  function beat() {
    const node = client.get('nodes', facts.name);
    if (!node) return;
    lastBeat = clock.now();
    const time = rfc3339(lastBeat);
    const status = {
      ...described(),
      ...node['status'],
      conditions: conditions(node, time),
      images: images.list(),
    };
    client.updateStatus('nodes', {...node, status});
  }

  /** What a node that somebody else registered says already stays as it is. */
  function described() {
    const {ip, name, allocatable} = facts;
    return {
      addresses: [
        {type: 'InternalIP', address: ip},
        {type: 'Hostname', address: name},
      ],
      capacity: allocatable,
      allocatable,
      nodeInfo: {
        architecture: 'amd64',
        bootID: '',
        containerRuntimeVersion: 'istio-workshop://sandbox',
        kernelVersion: 'simulated',
        kubeProxyVersion: '',
        kubeletVersion: kubernetesVersion,
        machineID: '',
        operatingSystem: 'linux',
        osImage: 'istio-workshop sandbox (simulated)',
        systemUUID: '',
      },
      daemonEndpoints: {kubeletEndpoint: {Port: 10250}},
    };
  }

  function renew() {
    const now = clock.now();
    const renewTime = `${new Date(now).toISOString().slice(0, 23)}000Z`;
    const spec = {holderIdentity: facts.name, leaseDurationSeconds: leaseSeconds, renewTime};
    const metadata = {name: facts.name, namespace: leaseNamespace};
    const lease = client.get('leases.coordination.k8s.io', facts.name, leaseNamespace);
    if (lease) client.patch('leases.coordination.k8s.io', facts.name, {spec}, {namespace: leaseNamespace});
    else if (client.get('namespaces', leaseNamespace)) {
      client.create('leases.coordination.k8s.io', {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata,
        spec,
      });
    }
    if (now - lastBeat >= heartbeat) beat();
  }

  /** A full disk, or somebody who wrote at the same time, must end neither this nor all that follows. */
  function attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      onError(`node ${facts.name}`, error);
    }
  }

  function keepRenewing(): void {
    attempt(renew);
    timer = clock.after(renewal, keepRenewing);
  }

  attempt(register);
  keepRenewing();
  return () => timer?.cancel();
}

const facets: readonly [type: string, healthy: 'True' | 'False', reason: string, message: string][] = [
  ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
];

function conditions(node: KubeObject, time: string): Condition[] {
  return facets.map(([type, status, reason, message]) => {
    const before = node['status']?.conditions?.find((one: Condition) => one.type === type);
    const lastTransitionTime = before?.status === status ? before.lastTransitionTime : time;
    return {type, status, lastHeartbeatTime: time, lastTransitionTime, reason, message};
  });
}
