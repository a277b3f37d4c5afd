import {keyOf, splitKey} from './keys.ts';
import type {Runtime} from './runtime.ts';

/** Binds every claim to a volume of its own, as a cluster's dynamic provisioner does; nothing is stored in it. */
export function startPersistentVolumeClaims(runtime: Runtime): void {
  const {client} = runtime;
  const events = runtime.recorder('persistentvolume-controller');
  const queue = runtime.queue(reconcile, 'persistentvolumeclaims');
  runtime.watch('persistentvolumeclaims', ({type, object}) => {
    if (type !== 'DELETED') {
      queue.add(keyOf(object));
      return;
    }
    const volume = `pvc-${object.metadata.uid}`;
    if (client.get('persistentvolumes', volume)) client.delete('persistentvolumes', volume);
  });

  function reconcile(key: string) {
    const {namespace, name} = splitKey(key);
    const claim = client.get('persistentvolumeclaims', name, namespace);
    if (!claim || claim['status']?.phase === 'Bound' || claim.metadata.deletionTimestamp !== undefined)
      return;
    const {accessModes = ['ReadWriteOnce'], resources, storageClassName = 'standard'} = claim['spec'];
    const capacity = {storage: resources?.requests?.storage ?? '1Gi'};
    const volumeName = `pvc-${claim.metadata.uid}`;
    if (!client.get('persistentvolumes', volumeName)) {
      const claimRef = {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        name,
        namespace,
        uid: claim.metadata.uid,
      };
      const volume = client.create('persistentvolumes', {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: {name: volumeName},
        spec: {
          accessModes,
          capacity,
          claimRef,
          hostPath: {path: `/var/local-path-provisioner/${volumeName}`, type: 'DirectoryOrCreate'},
          persistentVolumeReclaimPolicy: 'Delete',
          storageClassName,
          volumeMode: 'Filesystem',
        },
      });
      client.updateStatus('persistentvolumes', {...volume, status: {phase: 'Bound'}});
    }
    const bound = client.update('persistentvolumeclaims', {
      ...claim,
      spec: {...claim['spec'], storageClassName, volumeName},
    });
    client.updateStatus('persistentvolumeclaims', {
      ...bound,
      status: {phase: 'Bound', accessModes, capacity},
    });
    events.normal(claim, 'ProvisioningSucceeded', `Successfully provisioned volume ${volumeName}`);
  }
}
