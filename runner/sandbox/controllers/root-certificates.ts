import type {Runtime} from './runtime.ts';
import {isLive} from './service-accounts.ts';

const configMapName = 'kube-root-ca.crt';

/** Publishes the cluster's CA certificate (PEM) in every namespace, where pods mount it from. */
export function startRootCertificates(runtime: Runtime, certificate: string): void {
  const {client} = runtime;
  const queue = runtime.queue(reconcile, 'namespaces');
  runtime.watch('namespaces', ({object}) => queue.add(object.metadata.name));
  runtime.watch('configmaps', ({object}) => {
    if (object.metadata.name === configMapName) queue.add(object.metadata.namespace ?? '');
  });

  function reconcile(namespace: string) {
    if (!isLive(client, namespace)) return;
    const data = {'ca.crt': certificate};
    const before = client.get('configmaps', configMapName, namespace);
    if (before) {
      client.update('configmaps', {...before, data});
      return;
    }
    const description =
      'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the ' +
      'internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of ' +
      'Kubernetes clusters.';
    client.create('configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {name: configMapName, namespace, annotations: {'kubernetes.io/description': description}},
      data,
    });
  }
}
