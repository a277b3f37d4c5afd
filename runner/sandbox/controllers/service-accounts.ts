import type {ApiClient} from '../api/client.ts';
import type {Runtime} from './runtime.ts';

const accountName = 'default';

/** Sees to it that every namespace has a ServiceAccount `default`. */
export function startServiceAccounts(runtime: Runtime): void {
  const {client} = runtime;
  const queue = runtime.queue(reconcile, 'namespaces');
  runtime.watch('namespaces', ({object}) => queue.add(object.metadata.name));
  runtime.watch('serviceaccounts', ({type, object}) => {
    if (type === 'DELETED' && object.metadata.name === accountName)
      queue.add(object.metadata.namespace ?? '');
  });

  function reconcile(namespace: string) {
    if (!isLive(client, namespace) || client.get('serviceaccounts', accountName, namespace)) return;
    client.create('serviceaccounts', {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: {name: accountName, namespace},
    });
  }
}

/** Whether things can be created in a namespace. */
export function isLive(client: ApiClient, namespace: string): boolean {
  const found = client.get('namespaces', namespace);
  return found !== undefined && found.metadata.deletionTimestamp === undefined;
}
