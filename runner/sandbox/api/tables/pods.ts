import {ageOf, humanDuration} from '../../age.ts';
import type {Container, ContainerStatus, KubeObject, Pod} from '../../objects.ts';
import {textOr} from './format.ts';
import {type Cell, columns, type Printer, type RowCondition} from './printer.ts';

/** `kubectl get pods`; the rules of STATUS, READY and RESTARTS are those of Kubernetes' pod printer. */
export const podPrinter: Printer = {
  columns: columns('Name|Ready|Status|Restarts|Age|+IP|+Node|+Nominated Node|+Readiness Gates'),
  cells: (object, now) => {
    const pod = object as Pod;
    const summary = summarize(pod);
    return [
      pod.metadata.name,
      `${summary.ready}/${summary.total}`,
      summary.status,
      restartText(summary, now),
      ageOf(pod.metadata.creationTimestamp, now),
      ...wideCells(pod),
    ];
  },
  conditions: object => finishedConditions(object),
};

interface Summary {
  status: string;
  ready: number;
  total: number;
  restarts: number;
  /** When a container last ended, in milliseconds since the epoch; 0 if none did. */
  lastRestart: number;
}

function summarize(pod: Pod): Summary {
  const initContainers = pod.spec?.initContainers ?? [];
  const sidecars = new Set(initContainers.filter(isSidecar).map(container => container.name));
  const status = pod.status ?? {phase: ''};
  const summary: Summary = {
    status: status.reason || status.phase || '',
    ready: 0,
    total: (pod.spec?.containers ?? []).length + sidecars.size,
    restarts: 0,
    lastRestart: 0,
  };
  if (status.conditions?.some(c => c.type === 'PodScheduled' && c.reason === 'SchedulingGated')) {
    summary.status = 'SchedulingGated';
  }
  const sidecarRestarts = {restarts: 0, lastRestart: 0};
  const initializing = readInitContainers(status.initContainerStatuses ?? [], {
    summary,
    sidecars,
    sidecarRestarts,
    planned: initContainers.length,
  });
  if (!initializing || isTrue(pod, 'Initialized')) {
    Object.assign(summary, sidecarRestarts);
    readContainers(pod, summary);
  }
  if (pod.metadata.deletionTimestamp && status.reason === 'NodeLost') summary.status = 'Unknown';
  else if (pod.metadata.deletionTimestamp && status.phase !== 'Succeeded' && status.phase !== 'Failed') {
    summary.status = 'Terminating';
  }
  return summary;
}

interface InitReading {
  summary: Summary;
  sidecars: ReadonlySet<string>;
  sidecarRestarts: {restarts: number; lastRestart: number};
  planned: number;
}

/** True while an init container still holds the pod up; the first one that does names the status. */
function readInitContainers(statuses: readonly ContainerStatus[], reading: InitReading): boolean {
  const {summary, sidecars, sidecarRestarts} = reading;
  for (const [index, container] of statuses.entries()) {
    countRestarts(summary, container);
    const sidecar = sidecars.has(container.name);
    if (sidecar) countRestarts(sidecarRestarts, container);
    const {terminated, waiting} = container.state ?? {};
    if (terminated?.exitCode === 0) continue;
    if (sidecar && container.started) {
      if (container.ready) summary.ready += 1;
      continue;
    }
    if (terminated) summary.status = `Init:${endOf(terminated)}`;
    else if (waiting?.reason && waiting.reason !== 'PodInitializing')
      summary.status = `Init:${waiting.reason}`;
    else summary.status = `Init:${index}/${reading.planned}`;
    return true;
  }
  return false;
}

function readContainers(pod: Pod, summary: Summary): void {
  let running = false;
  for (const container of (pod.status?.containerStatuses ?? []).toReversed()) {
    countRestarts(summary, container);
    const {waiting, terminated, running: runs} = container.state ?? {};
    if (waiting?.reason) summary.status = waiting.reason;
    else if (terminated) summary.status = endOf(terminated);
    else if (container.ready && runs) {
      running = true;
      summary.ready += 1;
    }
  }
  if (summary.status === 'Completed' && running)
    summary.status = isTrue(pod, 'Ready') ? 'Running' : 'NotReady';
}

function endOf(terminated: {reason?: string; signal?: number; exitCode: number}): string {
  if (terminated.reason) return terminated.reason;
  return terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`;
}

function countRestarts(total: {restarts: number; lastRestart: number}, container: ContainerStatus): void {
  total.restarts += container.restartCount ?? 0;
  const ended = Date.parse(container.lastState?.['terminated']?.finishedAt ?? '');
  if (!Number.isNaN(ended)) total.lastRestart = Math.max(total.lastRestart, ended);
}

function restartText({restarts, lastRestart}: Summary, now: number): string {
  if (restarts === 0 || lastRestart === 0) return String(restarts);
  return `${restarts} (${humanDuration(now - lastRestart)} ago)`;
}

function wideCells(pod: Pod): Cell[] {
  const gates: {conditionType: string}[] = pod.spec?.['readinessGates'] ?? [];
  const open = gates.filter(gate => isTrue(pod, gate.conditionType)).length;
  const address = pod.status?.podIPs?.[0]?.ip ?? pod.status?.podIP;
  return [
    textOr(address, '<none>'),
    textOr(pod.spec?.nodeName, '<none>'),
    textOr(pod.status?.['nominatedNodeName'], '<none>'),
    gates.length === 0 ? '<none>' : `${open}/${gates.length}`,
  ];
}

function finishedConditions(object: KubeObject): RowCondition[] | undefined {
  const phase = object['status']?.phase;
  const message = {Succeeded: 'The pod has completed successfully.', Failed: 'The pod failed.'}[
    String(phase)
  ];
  return message ? [{type: 'Completed', status: 'True', reason: phase, message}] : undefined;
}

function isSidecar(container: Container): boolean {
  return container.restartPolicy === 'Always';
}

function isTrue(pod: Pod, type: string): boolean {
  return (
    pod.status?.conditions?.some(condition => condition.type === type && condition.status === 'True') ?? false
  );
}
