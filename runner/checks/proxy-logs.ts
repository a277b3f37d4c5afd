import type {Condition} from '../catalog/lab.ts';
import type {Kube, KubeItem} from '../engines/kube/kube.ts';
import {logOf} from './pod-log.ts';
import type {ProxyLog} from './result.ts';

const linesKept = 20;
const proxyContainer = 'istio-proxy';

/** Who calls, and who is called, behind the page. */
const pageApps = ['productpage', 'reviews'];

/**
 * The end of the logs of the proxies that a failed condition about the page went through; of any other condition
 * nothing. A log that can't be read is left out: no verdict rests on it.
 */
export async function proxyLogsOf({kind}: Condition, kube: Kube): Promise<readonly ProxyLog[]> {
  if (kind !== 'stars' && kind !== 'page' && kind !== 'request') return [];
  const pods = await kube
    .list('pods', {namespace: 'bookinfo', labels: `app in (${pageApps.join(',')})`})
    .catch(() => []);
  const read = await Promise.all(
    pods.filter(hasProxy).map(async (pod): Promise<readonly ProxyLog[]> => {
      const text = await logOf({kube, pod, container: proxyContainer, lines: linesKept}).catch(() => '');
      const lines = text.split('\n').filter(line => line.trim() !== '');
      return lines.length > 0 ? [{pod: pod.metadata.name, container: proxyContainer, lines}] : [];
    }),
  );
  return read.flat();
}

/** As a container, or as a native sidecar among the init containers. */
function hasProxy({spec}: KubeItem): boolean {
  const containers: {name: string}[] = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])];
  return containers.some(({name}) => name === proxyContainer);
}
