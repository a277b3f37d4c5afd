import {ageOf} from '../../age.ts';
import type {KubeObject} from '../../objects.ts';
import {textOr} from './format.ts';
import {columns, type Printer} from './printer.ts';

const modeNames: Record<string, string> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

const modes = (list: string[] | undefined) => (list ?? []).map(mode => modeNames[mode] ?? mode).join(',');
const created = (object: KubeObject) => object.metadata.creationTimestamp;

/** Printers of volumes and their classes, by resource name. */
export const storagePrinters: Record<string, Printer> = {
  persistentvolumeclaims: {
    columns: columns(
      'Name|Status|Volume|Capacity|Access Modes|StorageClass|VolumeAttributesClass|Age|+VolumeMode',
    ),
    cells: (object, now) => {
      const bound = Boolean(object['spec']?.volumeName);
      return [
        object.metadata.name,
        object.metadata.deletionTimestamp ? 'Terminating' : (object['status']?.phase ?? ''),
        object['spec']?.volumeName ?? '',
        bound ? (object['status']?.capacity?.storage ?? '0') : '',
        bound ? modes(object['status']?.accessModes) : '',
        object['spec']?.storageClassName ?? '',
        textOr(object['spec']?.volumeAttributesClassName, '<unset>'),
        ageOf(created(object), now),
        textOr(object['spec']?.volumeMode, '<unset>'),
      ];
    },
  },
  persistentvolumes: {
    columns: columns(
      'Name|Capacity|Access Modes|Reclaim Policy|Status|Claim|StorageClass|VolumeAttributesClass|Reason|Age|+VolumeMode',
    ),
    cells: (object, now) => {
      const claim = object['spec']?.claimRef;
      return [
        object.metadata.name,
        object['spec']?.capacity?.storage ?? '',
        modes(object['spec']?.accessModes),
        object['spec']?.persistentVolumeReclaimPolicy ?? '',
        object.metadata.deletionTimestamp ? 'Terminating' : (object['status']?.phase ?? ''),
        claim ? `${claim.namespace}/${claim.name}` : '',
        object['spec']?.storageClassName ?? '',
        textOr(object['spec']?.volumeAttributesClassName, '<unset>'),
        object['status']?.reason ?? '',
        ageOf(created(object), now),
        textOr(object['spec']?.volumeMode, '<unset>'),
      ];
    },
  },
  'storageclasses.storage.k8s.io': {
    columns: columns('Name|Provisioner|ReclaimPolicy|VolumeBindingMode|AllowVolumeExpansion|Age'),
    cells: (object, now) => [
      isDefaultClass(object) ? `${object.metadata.name} (default)` : object.metadata.name,
      object['provisioner'] ?? '',
      object['reclaimPolicy'] ?? 'Delete',
      object['volumeBindingMode'] ?? 'Immediate',
      String(object['allowVolumeExpansion'] ?? false),
      ageOf(created(object), now),
    ],
  },
};

function isDefaultClass(object: KubeObject): boolean {
  return object.metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true';
}
