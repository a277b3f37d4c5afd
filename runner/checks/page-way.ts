import type {Kube} from '../engines/kube/kube.ts';
import {wayOfCall} from '../istio/way/page.ts';
import type {Hop} from '../istio/way/way.ts';
import {readMesh} from './mesh-snapshot.ts';

export type {
  Answer,
  Applied,
  Branch,
  Hop,
  PageWay,
  Party,
  Place,
  PolicyFact,
  ProxyFact,
  Sight,
  TlsFact,
} from '../istio/way/way.ts';

/** Follows one call that a workload makes. @returns undefined where no pod of it runs. */
export async function readCall(
  kube: Kube,
  {
    from,
    to,
    path,
    headers,
  }: {from: string; to: string; path: string; headers: Readonly<Record<string, string>>},
): Promise<Hop | undefined> {
  const {snapshot} = await readMesh(kube);
  const [workload = '', namespace = 'bookinfo'] = from.split('.');
  const url = new URL(to.includes('://') ? to : `http://${to}`);
  return wayOfCall({
    snapshot,
    from: {namespace, workload},
    call: {host: url.hostname, port: Number(url.port || 80), path, headers},
  });
}
