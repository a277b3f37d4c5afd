import {buildSnapshot} from '../../../runner/istio/build-snapshot.ts';
import type {MeshSnapshot} from '../../../runner/istio/snapshot.ts';
import type {IstioObject} from '../../../runner/istio/types.ts';
import {applied, kubernetesObjects} from '../world/kubernetes-objects.ts';
import type {WorldOptions} from '../world/services.ts';

/** A case's world as the product reads it from a cluster. */
export function snapshotOf(objects: readonly IstioObject[], options: WorldOptions = {}): MeshSnapshot {
  return buildSnapshot({
    ...kubernetesObjects(options),
    config: applied(objects, options),
    ...(options.meshConfig ? {meshConfig: options.meshConfig} : {}),
  });
}
