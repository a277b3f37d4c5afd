import {exitCodes, WorkshopError} from '../../errors.ts';
import {istioVersion} from '../../version.ts';

/**
 * The release of Istio that Helm is asked for: the one that the charts are of, where that is known.
 * @param wanted what somebody asked for, if they did
 * @throws WorkshopError `other-istio` when the charts are of another release.
 */
export function istioToInstall(charts: {istioVersion?: string}, wanted: string | undefined): string {
  const {istioVersion: held} = charts;
  if (wanted === undefined || held === undefined || held === wanted) return wanted ?? held ?? istioVersion;
  throw otherIstio(`The charts are of Istio ${held}, not of ${wanted}.`, [
    `Give a folder with the charts of ${wanted}: --charts DIR`,
    `Or take theirs: --istio ${held}`,
  ]);
}

/** @throws WorkshopError `other-istio` when the Istio that is in a cluster is another than the one asked for. */
export function requireIstio(found: {version: string | undefined}, wanted: string | undefined): void {
  if (wanted === undefined || found.version === wanted) return;
  throw otherIstio(`Istio ${found.version ?? 'of an unknown version'} runs in this cluster, not ${wanted}.`, [
    'Choose another cluster: --context NAME',
    `Or work with that one: leave --istio out`,
  ]);
}

function otherIstio(message: string, remedies: readonly string[]): WorkshopError {
  return new WorkshopError({code: 'other-istio', message, remedies, exitCode: exitCodes.usage});
}
