import {type Clock, rfc3339} from '../clock.ts';
import type {KubeObject} from '../objects.ts';
import type {ApiClient, ResourceName} from './client.ts';
import {kubernetesVersion} from './version.ts';

/** Creates what every cluster has and is not there yet: namespaces, the `kubernetes` service, a ready node. */
export function plantSeeds(options: {client: ApiClient; clock: Clock; nodeName: string}): void {
  const {client, clock, nodeName} = options;
  const plant = (resource: ResourceName, object: KubeObject) => {
    const {name, namespace} = object.metadata;
    if (!client.get(resource, name, namespace)) client.create(resource, object);
  };
  for (const name of ['default', 'kube-system', 'kube-public', 'kube-node-lease']) {
    plant('namespaces', {apiVersion: 'v1', kind: 'Namespace', metadata: {name}});
  }
  plant('services', kubernetesService());
  plant('nodes', node(nodeName, clock.now()));
  plant('leases.coordination.k8s.io', nodeLease(nodeName, clock.now()));
}

function kubernetesService(): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'kubernetes',
      namespace: 'default',
      labels: {component: 'apiserver', provider: 'kubernetes'},
    },
    spec: {
      type: 'ClusterIP',
      clusterIP: '10.96.0.1',
      clusterIPs: ['10.96.0.1'],
      internalTrafficPolicy: 'Cluster',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      ports: [{name: 'https', port: 443, protocol: 'TCP', targetPort: 6443}],
      sessionAffinity: 'None',
    },
  };
}

const resources = {
  cpu: '8',
  'ephemeral-storage': '50Gi',
  'hugepages-1Gi': '0',
  'hugepages-2Mi': '0',
  memory: '16Gi',
  pods: '110',
};

function node(name: string, now: number): KubeObject {
  const at = rfc3339(now);
  const condition = (type: string, status: string, reason: string, message: string) => ({
    type,
    status,
    reason,
    message,
    lastHeartbeatTime: at,
    lastTransitionTime: at,
  });
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'beta.kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'node-role.kubernetes.io/control-plane': '',
      },
      annotations: {'node.alpha.kubernetes.io/ttl': '0'},
    },
    spec: {
      podCIDR: '10.244.0.0/16',
      podCIDRs: ['10.244.0.0/16'],
      providerID: `istio-workshop://sandbox/${name}`,
    },
    status: {
      addresses: [
        {type: 'InternalIP', address: '172.18.0.2'},
        {type: 'Hostname', address: name},
      ],
      allocatable: resources,
      capacity: resources,
      conditions: [
        condition(
          'MemoryPressure',
          'False',
          'KubeletHasSufficientMemory',
          'kubelet has sufficient memory available',
        ),
        condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
        condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
        condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
      ],
      daemonEndpoints: {kubeletEndpoint: {Port: 10250}},
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
    },
  };
}

function nodeLease(name: string, now: number): KubeObject {
  const micro = `${new Date(now).toISOString().slice(0, 23)}000Z`;
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {name, namespace: 'kube-node-lease'},
    spec: {holderIdentity: name, leaseDurationSeconds: 40, renewTime: micro},
  };
}
