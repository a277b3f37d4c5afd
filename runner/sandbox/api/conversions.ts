import type {KubeObject} from '../objects.ts';
import type {Conversion} from './served-type.ts';

/** Of the built-in kinds whose versions differ in more than `apiVersion`, by resource name. */
export const conversions: Readonly<Record<string, Conversion>> = {
  'events.events.k8s.io': {toStored: eventToCore, fromStored: eventFromCore},
  'horizontalpodautoscalers.autoscaling': {toStored: autoscalerToV2, fromStored: autoscalerFromV2},
};

/** The two groups name the same fields differently; the core group's form is the stored one. */
const eventFields: readonly (readonly [core: string, events: string])[] = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
  ['reportingComponent', 'reportingController'],
];

function eventToCore(object: KubeObject): KubeObject {
  const event: KubeObject = {...object, apiVersion: 'v1'};
  for (const [core, events] of eventFields) {
    if (event[events] === undefined) continue;
    event[core] = event[events];
    delete event[events];
  }
  return event;
}

function eventFromCore(object: KubeObject): KubeObject {
  const event: KubeObject = {...object, apiVersion: 'events.k8s.io/v1'};
  for (const [core, events] of eventFields) {
    if (event[core] === undefined) continue;
    event[events] = event[core];
    delete event[core];
  }
  return event;
}

function autoscalerToV2(object: KubeObject, version: string): KubeObject {
  if (version !== 'v1') return object;
  const {targetCPUUtilizationPercentage: percent, ...spec} = object['spec'] ?? {};
  const {currentCPUUtilizationPercentage: current, ...status} = object['status'] ?? {};
  const metrics = percent === undefined ? {} : {metrics: [cpuMetric({averageUtilization: percent})]};
  const currentMetrics =
    current === undefined
      ? {}
      : {
          currentMetrics: [
            {type: 'Resource', resource: {name: 'cpu', current: {averageUtilization: current}}},
          ],
        };
  return {
    ...object,
    apiVersion: 'autoscaling/v2',
    spec: {...spec, ...metrics},
    ...(object['status'] ? {status: {...status, ...currentMetrics}} : {}),
  };
}

function cpuMetric(target: {averageUtilization: number}): object {
  return {type: 'Resource', resource: {name: 'cpu', target: {type: 'Utilization', ...target}}};
}

/** v1 knows one metric, the CPU's utilisation; the others are not shown in it. */
function autoscalerFromV2(object: KubeObject, version: string): KubeObject {
  if (version !== 'v1') return object;
  const {metrics, behavior: _, ...spec} = object['spec'] ?? {};
  const {currentMetrics, conditions: __, ...status} = object['status'] ?? {};
  const percent = metrics?.find(isCpu)?.resource.target.averageUtilization;
  const current = currentMetrics?.find(isCpu)?.resource.current.averageUtilization;
  return {
    ...object,
    apiVersion: 'autoscaling/v1',
    spec: {...spec, ...(percent === undefined ? {} : {targetCPUUtilizationPercentage: percent})},
    ...(object['status']
      ? {status: {...status, ...(current === undefined ? {} : {currentCPUUtilizationPercentage: current})}}
      : {}),
  };
}

function isCpu(metric: any): boolean {
  return metric?.type === 'Resource' && metric.resource?.name === 'cpu';
}
