import {signedInName} from '../../verify/visitors.ts';
import type {Via} from '../catalog/lab.ts';
import type {Kube} from '../engines/kube/kube.ts';
import {wayOfCall, wayOfPage} from '../istio/way/page.ts';
import type {Hop, PageWay} from '../istio/way/way.ts';
import {readMesh} from './mesh-snapshot.ts';

export type {
  Answer,
  Branch,
  Hop,
  PageWay,
  Party,
  Place,
  PolicyFact,
  Sight,
  TlsFact,
} from '../istio/way/way.ts';

/** Reads the cluster once and follows the page of each visitor through it. */
export async function readWays(
  kube: Kube,
  {visitors, via, path}: {visitors: readonly string[]; via: Via; path?: string},
): Promise<readonly PageWay[]> {
  const {snapshot, pods, unread} = await readMesh(kube);
  return visitors.map(visitor => {
    const signedInAs = signedInName(visitor);
    const way = wayOfPage({
      snapshot,
      pods,
      visitor,
      via,
      ...(signedInAs === undefined ? {} : {signedInAs}),
      ...(path === undefined ? {} : {path}),
    });
    return {...way, unknown: [...way.unknown, ...unread]};
  });
}

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
