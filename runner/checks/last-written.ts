import type {KubeItem} from '../engines/kube/kube.ts';

interface ManagedFields {
  manager?: string;
  time?: string;
  subresource?: string;
}

/** When an object was last written, and with what: by its managed fields, else by its age. */
export function lastWritten({metadata}: KubeItem): {time: string; by?: string} {
  const managed = (metadata as {managedFields?: readonly ManagedFields[]}).managedFields ?? [];
  const [latest] = managed
    .filter(({subresource, time}) => !subresource && time)
    .sort((a, b) => ((a.time ?? '') < (b.time ?? '') ? 1 : -1));
  const {time, manager} = latest ?? {};
  return {
    time: time ?? metadata.creationTimestamp ?? '',
    ...(manager === undefined ? {} : {by: manager}),
  };
}
