import {signedInName} from '../../verify/visitors.ts';
import type {Via} from '../catalog/lab.ts';
import type {Kube} from '../engines/kube/kube.ts';
import type {SnapshotInput} from '../istio/build-snapshot.ts';
import type {IstioObject} from '../istio/types.ts';
import {type MeshChange, type MeshMoment, meshChange, sameMesh, sameSights} from '../istio/way/change.ts';
import {readMesh} from './mesh-snapshot.ts';

export {type MeshChange, type MeshMoment, sameMesh, sameSights};

/** Reads the mesh as it is now, with what counts of its objects alone. */
export async function readMoment(kube: Kube, at: number): Promise<MeshMoment> {
  const {input} = await readMesh(kube);
  return {at, input: lean(input)};
}

/** What a change did for these visitors. */
export function changeFor(
  [before, after]: readonly [MeshMoment, MeshMoment],
  visitors: readonly string[],
  via: Via,
): MeshChange {
  return meshChange(
    before,
    after,
    visitors.map(visitor => {
      const signedInAs = signedInName(visitor);
      return {visitor, via, ...(signedInAs === undefined ? {} : {signedInAs})};
    }),
  );
}

/** Without what the API keeps for others, and of a pod without most of its spec. */
function lean(input: SnapshotInput): SnapshotInput {
  const plain = (object: IstioObject): IstioObject => {
    const {
      managedFields: _,
      annotations: __,
      ...metadata
    } = object.metadata as IstioObject['metadata'] & {
      managedFields?: unknown;
    };
    const {status: ___, ...rest} = object;
    return {...rest, metadata};
  };
  return {
    ...input,
    services: input.services.map(plain),
    config: input.config.map(plain),
    ...(input.namespaces ? {namespaces: input.namespaces.map(plain)} : {}),
    pods: input.pods.map(pod => {
      const {name, namespace, labels, ownerReferences} = pod.metadata as IstioObject['metadata'] & {
        ownerReferences?: unknown;
      };
      const containers = (
        list: readonly {args?: unknown; ports?: unknown; image?: unknown; env?: unknown}[] = [],
      ) =>
        list.map(({args, ports, image, env}) => ({
          args,
          ports,
          image,
          // Of ratings alone: it says which variant of the program it is.
          env: Array.isArray(env) ? env.filter(({name}) => name === 'SERVICE_VERSION') : [],
        }));
      const {serviceAccountName} = pod.spec ?? {};
      const {phase, podIP, conditions} = pod['status'] ?? {};
      return {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {name, namespace, labels, ownerReferences} as IstioObject['metadata'],
        spec: {serviceAccountName, containers: containers(pod.spec?.containers)},
        status: {phase, podIP, conditions},
      };
    }),
  };
}
