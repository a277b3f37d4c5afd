import type {ApiClient} from '../api/client.ts';

/** What the one node is said to be; nothing of it comes from the host. */
export interface NodeFacts {
  name: string;
  ip: string;
  allocatable: {cpu: string; memory: string; pods: string; 'ephemeral-storage': string};
}

/** The facts of a node that is registered already, or those to register it with. */
export function nodeFacts(client: ApiClient, name: string): NodeFacts {
  const status = client.get('nodes', name)?.['status'] ?? {};
  const internal = status.addresses?.find((address: {type: string}) => address.type === 'InternalIP');
  return {
    name,
    ip: internal?.address ?? '172.18.0.2',
    allocatable: {cpu: '8', memory: '16Gi', pods: '110', 'ephemeral-storage': '50Gi', ...status.allocatable},
  };
}
