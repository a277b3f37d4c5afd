import type {EngineName} from '../catalog/lab.ts';
import type {ClusterSettings} from '../engines/settings.ts';
import type {LabStatus, Progress} from '../state/state.ts';

const engines: Record<EngineName, true> = {sandbox: true, kind: true, context: true};
const statuses: Record<LabStatus, true> = {standing: true, replaced: true, given: true};

/** Whether a record that was read has all that the program relies on: a file can be cut, or edited. */
export function isWorkshopRecord(value: WorkshopRecord): boolean {
  const {name, engine, workFolder, clusterId = '', context = '', istio = 'ours', settings = {}} = value;
  return (
    [name, engine, workFolder, clusterId, context].every(isText) &&
    Object.hasOwn(engines, engine) &&
    (istio === 'ours' || istio === 'existing') &&
    isMap(settings) &&
    Object.values(settings).every(isText)
  );
}

/** Whether progress that was read has all that the program relies on. */
export function isProgress({labs, position}: Progress): boolean {
  if (!isMap(labs)) return false;
  const whole = Object.values(labs).every(
    record =>
      isMap(record) &&
      Object.hasOwn(statuses, record['status'] as string) &&
      isText(record['passedAt']) &&
      isCount(record['milliseconds']),
  );
  if (!whole || position === undefined) return whole;
  return (
    isMap(position) && isText(position['lab']) && isCount(position['step']) && isCount(position['block'])
  );
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

/** What a workshop is, apart from how far somebody got in it. */
export interface WorkshopRecord {
  format: number;
  name: string;
  engine: EngineName;
  workFolder: string;
  /** UID of kube-system: tells when a kubeconfig context means another cluster than before. */
  clusterId?: string;
  /** The kubeconfig context, for the engine `context`. */
  context?: string;
  /** Whether Istio was in the cluster before the workshop, for the engine `context`. */
  istio?: 'ours' | 'existing';
  /** Of that Istio, for the engine `context`. */
  istioVersion?: string;
  /** What was chosen for a real cluster. */
  settings?: ClusterSettings;
}
