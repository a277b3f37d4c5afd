import {readFileSync, writeFileSync} from 'node:fs';
import {gunzipSync, gzipSync} from 'node:zlib';
import {openKubeText} from '../../../runner/engines/kube/kube.ts';
import {askPod} from '../../../runner/engines/kube/pod-request.ts';
import {dumpResources} from '../../../runner/istio/proxy/config.ts';
import type {IstioObject} from '../../../runner/istio/types.ts';
import type {Rig} from '../real/rig.ts';
import {asWritten} from '../world/addresses.ts';
import {destinationRule, gateway, virtualService} from './objects.ts';

/** Objects, and the dumps of the proxies that had them, by pod. */
export interface RecordedMesh {
  objects: readonly IstioObject[];
  dumps: Readonly<Record<string, readonly unknown[]>>;
}

/** One mesh after the other, each a change of the one before. */
const meshes: readonly (readonly IstioObject[])[] = [
  [],
  [destinationRule(), gateway(), virtualService('productpage', {gateways: ['front']})],
  [
    destinationRule(),
    gateway(),
    virtualService('productpage', {gateways: ['front']}),
    virtualService('reviews', {subset: 'v1', abort: 12.5, timeout: '3s'}),
  ],
  [
    destinationRule(),
    gateway(),
    virtualService('productpage', {gateways: ['front']}),
    virtualService('reviews', {subset: 'v2', user: 'jason'}),
  ],
];

/** Asks real proxies for their configuration, for tests that have none. */
export async function recordProxies(rig: Rig, file: string): Promise<void> {
  const kube = await openKubeText(readFileSync(rig.kubeconfig, 'utf8'));
  const recorded: RecordedMesh[] = [];
  for (const objects of meshes) {
    await rig.apply(objects);
    const dumps: Record<string, unknown[]> = {};
    for (const name of ['productpage-v1', 'istio-ingress']) {
      const pod = (await kube.list('pods')).find(({metadata}) => metadata.name === name);
      if (!pod) throw new Error(`no pod ${name}`);
      dumps[name] = await Promise.all(
        dumpResources.map(async resource => {
          const path = `/config_dump?include_eds&resource=${resource}`;
          const {status, body} = await askPod({kube, pod, port: 15_000, path});
          return status === 200 ? JSON.parse(asWritten(body)) : {};
        }),
      );
    }
    recorded.push({objects, dumps});
  }
  writeFileSync(file, gzipSync(JSON.stringify(recorded), {level: 9}));
}

export function readRecordedProxies(): readonly RecordedMesh[] {
  return JSON.parse(gunzipSync(readFileSync(new URL('recorded.json.gz', import.meta.url))).toString());
}
