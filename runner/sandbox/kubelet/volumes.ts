import type {ApiClient} from '../api/client.ts';
import type {Pod} from '../objects.ts';

/** The first ConfigMap or Secret that a volume needs and the cluster does not have, in the kubelet's words. */
export function missingVolume(client: ApiClient, pod: Pod): {message: string} | undefined {
  const {namespace = 'default'} = pod.metadata;
  for (const volume of pod.spec.volumes ?? []) {
    const sources = [volume, ...(volume.projected?.sources ?? [])];
    for (const source of sources) {
      const configMap = source.configMap;
      const secret = source.secret;
      const name = configMap?.name ?? secret?.secretName ?? secret?.name;
      if (name === undefined || configMap?.optional || secret?.optional) continue;
      const [resource, kind] = configMap ? ['configmaps', 'configmap'] : ['secrets', 'secret'];
      if (client.get(resource, name, namespace)) continue;
      return {message: `MountVolume.SetUp failed for volume "${volume.name}" : ${kind} "${name}" not found`};
    }
  }
  return undefined;
}
