import {setDefault, setWhenEmpty} from './set-default.ts';

/** 0644 in octal: the mode of files from config maps, secrets and their like. */
const fileMode = 0o644;

/** Defaults of a pod's volumes; a volume that names no source is an `emptyDir`. */
export function defaultVolumes(volumes: any[] | undefined): void {
  for (const volume of volumes ?? []) {
    if (Object.keys(volume).every(key => key === 'name')) volume.emptyDir = {};
    for (const source of ['configMap', 'secret', 'downwardAPI', 'projected']) {
      if (volume[source]) setDefault(volume[source], 'defaultMode', fileMode);
    }
    if (volume.hostPath) setDefault(volume.hostPath, 'type', '');
    for (const item of volume.downwardAPI?.items ?? []) {
      if (item.fieldRef) setWhenEmpty(item.fieldRef, 'apiVersion', 'v1');
      if (item.resourceFieldRef) setDefault(item.resourceFieldRef, 'divisor', '0');
    }
    for (const source of volume.projected?.sources ?? []) defaultProjection(source);
    if (volume.ephemeral?.volumeClaimTemplate?.spec) {
      setDefault(volume.ephemeral.volumeClaimTemplate.spec, 'volumeMode', 'Filesystem');
    }
    if (volume.iscsi) setWhenEmpty(volume.iscsi, 'iscsiInterface', 'default');
  }
}

function defaultProjection(source: any): void {
  for (const item of source.downwardAPI?.items ?? []) {
    if (item.fieldRef) setWhenEmpty(item.fieldRef, 'apiVersion', 'v1');
    if (item.resourceFieldRef) setDefault(item.resourceFieldRef, 'divisor', '0');
  }
  if (source.serviceAccountToken) setDefault(source.serviceAccountToken, 'expirationSeconds', 3600);
}
