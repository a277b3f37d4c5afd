/** What the one node is said to be; nothing of it comes from the host. */
export interface NodeFacts {
  name: string;
  ip: string;
  capacity: {cpu: string; memory: string; pods: string; 'ephemeral-storage': string};
  allocatable: {cpu: string; memory: string; pods: string; 'ephemeral-storage': string};
}

export function nodeFacts(name: string): NodeFacts {
  const resources = {cpu: '8', memory: '16Gi', pods: '110', 'ephemeral-storage': '100Gi'};
  return {name, ip: '172.18.0.2', capacity: resources, allocatable: resources};
}
