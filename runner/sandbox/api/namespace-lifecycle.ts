import type {Store} from '../store/store.ts';
import type {AdmissionPlugin} from './admission.ts';
import {forbidden, notFound} from './failures.ts';
import type {TypeRegistry} from './type-registry.ts';

const immortal = new Set(['default', 'kube-system', 'kube-public']);

/** Nothing is created in a namespace that is missing or being deleted, and three namespaces stay. */
export function namespaceLifecycle(store: Store, types: TypeRegistry): AdmissionPlugin {
  return {
    name: 'NamespaceLifecycle',
    mutate({operation, resource, subresource, namespace, name}) {
      const type = types.byName(resource);
      if (!type) return;
      if (resource === 'namespaces') {
        if (operation === 'DELETE' && immortal.has(name)) {
          throw forbidden(type, name, 'this namespace may not be deleted');
        }
        return;
      }
      if (operation !== 'CREATE' || subresource !== '' || !type.namespaced || namespace === undefined) return;
      const found = store.get('namespaces', undefined, namespace);
      if (!found) {
        throw notFound({group: '', resource: 'namespaces', kind: 'Namespace'}, namespace);
      }
      if (found.metadata.deletionTimestamp === undefined) return;
      const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
      const message = `namespace ${namespace} is being terminated`;
      throw forbidden(type, name, why, [
        {reason: 'NamespaceTerminating', message, field: 'metadata.namespace'},
      ]);
    },
  };
}
