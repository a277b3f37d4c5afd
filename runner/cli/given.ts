import type {Lab} from '../catalog/lab.ts';
import type {ClusterFacts} from '../engines/port.ts';
import {exitCodes, WorkshopError} from '../errors.ts';
import type {WorkshopStore} from '../session/workshop-store.ts';
import {isGiven, withGiven} from '../state/plan.ts';

/** The lab that has nothing to do where Istio is in the cluster already. */
const installsIstio = 'install-istio';

/** Notes in the progress which labs the cluster had the result of before the workshop. @param now epoch milliseconds. */
export async function rememberGiven(store: WorkshopStore, facts: ClusterFacts, now: number): Promise<void> {
  if (facts.istio !== 'existing') return;
  const progress = await store.readProgress();
  if (isGiven(progress, installsIstio)) return;
  await store.writeProgress(withGiven(progress, [installsIstio], now));
}

/** What is said of such a lab in place of doing or checking it. */
export function givenText({number, title}: Lab): string {
  return `Lab ${number}, ${title}: was here before the workshop, is used as it is, and stays.`;
}

/** Why such a lab is not undone. */
export function notOurs(lab: Lab): WorkshopError {
  return new WorkshopError({
    code: 'not-ours',
    message: `"${lab.title}" is not undone: Istio was in this cluster before the workshop.`,
    remedies: ['Undo another lab', {say: 'Or remove all that the workshop made', command: 'reset --all'}],
    exitCode: exitCodes.usage,
  });
}
