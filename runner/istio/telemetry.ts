import {configOf, labelsMatch, type MeshSnapshot} from './snapshot.ts';
import type {IstioObject} from './types.ts';

type Telemetry = IstioObject<{
  selector?: {matchLabels?: Record<string, string>};
  accessLogging?: {disabled?: boolean; providers?: {name?: string}[]}[];
}>;

/**
 * Whether a workload's proxy writes an access log: the Telemetry of the workload, else of the namespace, else of
 * the root namespace decides, else `meshConfig.accessLogFile`. Only the provider `envoy` is known.
 */
export function accessLogEnabled(
  snapshot: MeshSnapshot,
  workload: {namespace: string; labels: Record<string, string>},
): boolean {
  const telemetries = configOf<Telemetry>(snapshot, 'Telemetry');
  const root = snapshot.meshConfig.rootNamespace;
  const inNamespace = telemetries.filter(({metadata}) => metadata.namespace === workload.namespace);
  const selecting = ({spec}: Telemetry) => Object.keys(spec?.selector?.matchLabels ?? {}).length > 0;
  const levels = [
    inNamespace.find(
      found => selecting(found) && labelsMatch(found.spec?.selector?.matchLabels, workload.labels),
    ),
    inNamespace.find(found => !selecting(found)),
    telemetries.find(found => found.metadata.namespace === root && !selecting(found)),
  ];
  for (const level of levels) {
    const logging = level?.spec?.accessLogging;
    if (!logging?.length) continue;
    const writing = logging.some(
      ({disabled, providers}) =>
        !disabled && (!providers?.length || providers.some(({name}) => name === 'envoy')),
    );
    return writing;
  }
  return snapshot.meshConfig.accessLogFile !== '';
}
