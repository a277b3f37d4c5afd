import {readFileSync} from 'node:fs';
import {askProxyOver} from '../../../runner/checks/ask-proxies.ts';
import {openKubeText} from '../../../runner/engines/kube/kube.ts';
import {compareProxy} from '../../../runner/istio/proxy/compare.ts';
import {wayOfCall} from '../../../runner/istio/way/page.ts';
import {type CompareCase, completed} from '../cases/case.ts';
import {RefusedByEnvoy} from '../real/envoy.ts';
import {admitted, type Rig} from '../real/rig.ts';
import {asWritten} from '../world/addresses.ts';
import {callers} from '../world/callers.ts';
import {snapshotOf} from './world.ts';

export interface ProxyTotals {
  cases: number;
  /** Calls of which a proxy was asked what it has. */
  calls: number;
  /** Of those, where the product says that the proxy has something else, although it has everything. */
  differences: number;
  refusedByEnvoy: number;
}

/** Holds what real proxies have against what the product makes of the objects: all of it has to be the same. */
export async function compareProxies(
  rig: Rig,
  cases: Iterable<CompareCase>,
  print: (line: string) => void,
): Promise<ProxyTotals> {
  const totals = {cases: 0, calls: 0, differences: 0, refusedByEnvoy: 0};
  const kube = await openKubeText(readFileSync(rig.kubeconfig, 'utf8'));
  const ask = askProxyOver(kube);
  for (const given of cases) {
    const {accepted} = await admitted(rig, given.objects);
    try {
      await rig.apply(accepted, given.options);
    } catch (error) {
      if (!(error instanceof RefusedByEnvoy)) throw error;
      totals.refusedByEnvoy += 1;
      continue;
    }
    totals.cases += 1;
    const pods = await kube.list('pods');
    const snapshot = snapshotOf(accepted, given.options);
    for (const request of given.requests) {
      const {caller, host, port, path, headers, speak, method} = completed(request, given.options);
      const {kind, name, namespace} = callers[caller];
      const pod = pods.find(({metadata}) => metadata.name === name);
      if (!pod || speak !== 'http' || method !== 'GET') continue;
      const call = {host: host.replace(/:\d+$/, ''), port, path, headers};
      const hop = wayOfCall({snapshot, from: {namespace, workload: name, kind}, call});
      const workload = snapshot.workloads.find(each => each.name === name);
      if (!hop || !workload) continue;
      const config = await ask(pod);
      const written = new Map(
        [...config.endpoints].map(([cluster, ips]) => [cluster, ips.map(asWritten).sort()] as const),
      );
      const fact = compareProxy(snapshot, hop, workload, {...config, endpoints: written});
      if (!fact) continue;
      totals.calls += 1;
      if (fact.state === 'same') continue;
      totals.differences += 1;
      print(`DIFFERENT ${given.id}: ${fact.state}: ${fact.has}`);
      print(`   ${JSON.stringify({call, decision: hop.decision})}`);
      print(`   ${JSON.stringify(accepted)}`);
    }
  }
  return totals;
}
