import type {Condition, Lab} from '../../catalog/lab.ts';
import {type FoundIstio, findIstio} from '../../engines/istio/find-istio.ts';
import type {Kube} from '../../engines/kube/kube.ts';
import {exitCodes, WorkshopError} from '../../errors.ts';
import {withGiven} from '../../state/plan.ts';
import type {Progress} from '../../state/state.ts';
import type {App} from '../app.ts';
import {withConditions} from './narrow-labs.ts';

/** The labs whose result is there already where nothing is to be installed. */
export function installLabs(labs: readonly Lab[]): readonly Lab[] {
  return labs.filter(lab => lab.tags.includes('install'));
}

/** Progress in which the mesh was there before; what this workshop has installed itself stays its own. */
export function withMeshGiven(labs: readonly Lab[], progress: Progress, now: number): Progress {
  const open = installLabs(labs).filter(({id}) => progress.labs[id]?.status !== 'standing');
  return withGiven(
    progress,
    open.map(({id}) => id),
    now,
  );
}

/** @throws WorkshopError `nothing-installed` where the cluster would be made for this run alone. */
export function requireMeshBefore({engine, isNew}: App, fresh: boolean): void {
  if (!engine.capabilities.ownsCluster || !(fresh || isNew)) return;
  throw new WorkshopError({
    code: 'nothing-installed',
    message: 'A cluster that is made for this run has no mesh yet.',
    remedies: [
      'Leave --skip-install out',
      'Or name a cluster that has one: --engine context --context NAME',
      {say: 'Or make one first', command: 'run --workshop NAME --tag install'},
    ],
    exitCode: exitCodes.usage,
  });
}

/** What of a lab that installs can be verified of an Istio that somebody else has installed in their own way. */
export async function asVerification(lab: Lab, kube: Kube): Promise<Lab> {
  const istio = await findIstio(kube);
  const kept = new Map<Condition, Condition | undefined>();
  for (const condition of lab.steps
    .flatMap(step => step.blocks)
    .flatMap(block => (block.kind === 'check' ? block.conditions : []))) {
    kept.set(condition, await verifiable(condition, kube, istio));
  }
  return withConditions(lab, condition => kept.get(condition));
}

async function verifiable(
  condition: Condition,
  kube: Kube,
  istio: FoundIstio | undefined,
): Promise<Condition | undefined> {
  // Helm is one way among others.
  if (condition.kind === 'release') return undefined;
  if (condition.kind !== 'ready' || !istio) return condition;
  if (condition.workloads.includes('deploy/istiod')) {
    if (istio.namespace === undefined) return undefined;
    const name = istio.revision === 'default' ? 'istiod' : `istiod-${istio.revision}`;
    return {...condition, workloads: [`deploy/${name}`], namespace: istio.namespace};
  }
  // A mesh may do without the gateway of the labs; one that is there has to be ready.
  const [first = ''] = condition.workloads;
  const found = await kube.get('deployments.apps', first.replace('deploy/', ''), condition.namespace);
  return found ? condition : undefined;
}
