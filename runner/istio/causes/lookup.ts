import {covers} from '../hosts.ts';
import {configOf} from '../snapshot.ts';
import type {DestinationRule, HttpRoute, ObjectRef, Subset, VirtualService} from '../types.ts';
import {hostsOf} from '../virtual-services.ts';
import type {Scene} from './hop.ts';
import type {Prediction} from './predict.ts';

/** The VirtualServices that name the hop's service, bound to this proxy or not, oldest first. */
export function virtualServicesFor({snapshot, service, hop, proxy}: Scene): readonly VirtualService[] {
  const host = proxy.kind === 'gateway' ? hop.host : service?.hostname;
  if (host === undefined) return [];
  return configOf<VirtualService>(snapshot, 'VirtualService').filter(virtualService =>
    hostsOf(virtualService).some(pattern => covers(pattern, host)),
  );
}

/** The VirtualService whose rules the proxy uses for this request, where it uses one. */
export function winnerOf({snapshot}: Scene, {virtualHost}: Prediction): VirtualService | undefined {
  const ref = virtualHost?.routes.find(route => route.origin)?.origin?.virtualService;
  return ref && objectOf<VirtualService>(snapshot.config, ref);
}

export function objectOf<T extends Scene['snapshot']['config'][number]>(
  config: Scene['snapshot']['config'],
  ref: ObjectRef,
): T | undefined {
  return config.find(
    object =>
      object.kind === ref.kind &&
      object.metadata.name === ref.name &&
      (object.metadata.namespace ?? '') === ref.namespace,
  ) as T | undefined;
}

/** The rule that a request takes, with its object and index. */
export function ruleTaken(
  scene: Scene,
  prediction: Prediction,
): {owner: VirtualService; ref: ObjectRef; index: number; rule: HttpRoute} | undefined {
  const origin = prediction.route?.origin;
  const owner = origin && objectOf<VirtualService>(scene.snapshot.config, origin.virtualService);
  const rule = owner?.spec?.http?.[origin?.rule ?? -1];
  if (!origin || !owner || !rule) return undefined;
  return {owner, ref: origin.virtualService, index: origin.rule, rule};
}

/** The name by which the DestinationRule that holds knows the pods of a version. */
export function subsetFor(scene: Scene, prediction: Prediction, version: string): string | undefined {
  const subsets = subsetsOf(scene, prediction);
  const exact = subsets.find(subset => subset.labels?.['version'] === version);
  return exact?.name;
}

export function subsetsOf(scene: Scene, prediction: Prediction): readonly Subset[] {
  return prediction.routes.clusters.destinationRule(scene.service?.hostname ?? '').rule?.subsets ?? [];
}

/** The DestinationRule that gives a subset its labels, with the index of the subset. */
export function subsetOwner(
  {snapshot, service}: Scene,
  {routes}: Prediction,
  name: string,
): {ref: ObjectRef; index: number; subset: Subset} | undefined {
  const refs = routes.clusters.destinationRule(service?.hostname ?? '').rule?.rules ?? [];
  for (const ref of refs) {
    const subsets = objectOf<DestinationRule>(snapshot.config, ref)?.spec?.subsets ?? [];
    const index = subsets.findIndex(candidate => candidate.name === name);
    const subset = subsets[index];
    if (subset) return {ref, index, subset};
  }
  return undefined;
}
