import {ageOf} from '../../age.ts';
import type {KubeObject} from '../../objects.ts';
import {textOr} from './format.ts';
import {columns, type Printer} from './printer.ts';

const created = (object: KubeObject) => object.metadata.creationTimestamp;
const count = (value: object | undefined) => Object.keys(value ?? {}).length;

/** Printers of the rest: configuration, access, nodes, storage, events; by resource name. */
export const clusterPrinters: Record<string, Printer> = {
  namespaces: {
    columns: columns('Name|Status|Age'),
    cells: (object, now) => [
      object.metadata.name,
      object['status']?.phase ?? '',
      ageOf(created(object), now),
    ],
  },
  nodes: {
    columns: columns(
      'Name|Status|Roles|Age|Version|+Internal-IP|+External-IP|+OS-Image|+Kernel-Version|+Container-Runtime',
    ),
    cells: (object, now) => [
      object.metadata.name,
      nodeStatus(object),
      nodeRoles(object),
      ageOf(created(object), now),
      object['status']?.nodeInfo?.kubeletVersion ?? '',
      nodeAddress(object, 'InternalIP'),
      nodeAddress(object, 'ExternalIP'),
      textOr(object['status']?.nodeInfo?.osImage, '<unknown>'),
      textOr(object['status']?.nodeInfo?.kernelVersion, '<unknown>'),
      textOr(object['status']?.nodeInfo?.containerRuntimeVersion, '<unknown>'),
    ],
  },
  serviceaccounts: {
    columns: columns('Name|Secrets:integer|Age'),
    cells: (object, now) => [
      object.metadata.name,
      object['secrets']?.length ?? 0,
      ageOf(created(object), now),
    ],
  },
  secrets: {
    columns: columns('Name|Type|Data:integer|Age'),
    cells: (object, now) => [
      object.metadata.name,
      object['type'] ?? '',
      count(object['data']),
      ageOf(created(object), now),
    ],
  },
  configmaps: {
    columns: columns('Name|Data:integer|Age'),
    cells: (object, now) => [
      object.metadata.name,
      count(object['data']) + count(object['binaryData']),
      ageOf(created(object), now),
    ],
  },
  events: eventPrinter(),
  'events.events.k8s.io': eventPrinter(),
  'horizontalpodautoscalers.autoscaling': {
    columns: columns('Name|Reference|Targets|MinPods|MaxPods:integer|Replicas:integer|Age'),
    cells: (object, now) => [
      object.metadata.name,
      `${object['spec']?.scaleTargetRef?.kind}/${object['spec']?.scaleTargetRef?.name}`,
      hpaTargets(object),
      textOr(object['spec']?.minReplicas, '<unset>'),
      object['spec']?.maxReplicas ?? 0,
      object['status']?.currentReplicas ?? 0,
      ageOf(created(object), now),
    ],
  },
  'poddisruptionbudgets.policy': {
    columns: columns('Name|Min Available|Max Unavailable|Allowed Disruptions:integer|Age'),
    cells: (object, now) => [
      object.metadata.name,
      textOr(object['spec']?.minAvailable, 'N/A'),
      textOr(object['spec']?.maxUnavailable, 'N/A'),
      object['status']?.disruptionsAllowed ?? 0,
      ageOf(created(object), now),
    ],
  },
  'rolebindings.rbac.authorization.k8s.io': bindingPrinter(),
  'clusterrolebindings.rbac.authorization.k8s.io': bindingPrinter(),
  'mutatingwebhookconfigurations.admissionregistration.k8s.io': webhookPrinter(),
  'validatingwebhookconfigurations.admissionregistration.k8s.io': webhookPrinter(),
  'validatingadmissionpolicies.admissionregistration.k8s.io': {
    columns: columns('Name|Validations:integer|ParamKind|Age'),
    cells: (object, now) => {
      const param = object['spec']?.paramKind;
      return [
        object.metadata.name,
        object['spec']?.validations?.length ?? 0,
        param ? `${param.apiVersion}/${param.kind}` : '<unset>',
        ageOf(created(object), now),
      ];
    },
  },
  'validatingadmissionpolicybindings.admissionregistration.k8s.io': {
    columns: columns('Name|PolicyName|ParamRef|Age'),
    cells: (object, now) => {
      const param = object['spec']?.paramRef;
      const name = param?.name ?? '*';
      return [
        object.metadata.name,
        object['spec']?.policyName ?? '',
        param ? (param.namespace ? `${param.namespace}/${name}` : name) : '<unset>',
        ageOf(created(object), now),
      ];
    },
  },
  'leases.coordination.k8s.io': {
    columns: columns('Name|Holder|Age'),
    cells: (object, now) => [
      object.metadata.name,
      object['spec']?.holderIdentity ?? '',
      ageOf(created(object), now),
    ],
  },
  'priorityclasses.scheduling.k8s.io': {
    columns: columns('Name|Value:integer|Global-Default:boolean|Age|PreemptionPolicy'),
    cells: (object, now) => [
      object.metadata.name,
      object['value'] ?? 0,
      object['globalDefault'] ?? false,
      ageOf(created(object), now),
      object['preemptionPolicy'] ?? '',
    ],
  },
  resourcequotas: {
    columns: columns('Name|Request|Limit|Age'),
    cells: (object, now) => [
      object.metadata.name,
      quotaUse(object, key => !key.startsWith('limits.')),
      quotaUse(object, key => key.startsWith('limits.')),
      ageOf(created(object), now),
    ],
  },
  'apiservices.apiregistration.k8s.io': {
    columns: columns('Name|Service|Available|Age'),
    cells: (object, now) => {
      const service = object['spec']?.service;
      const available = object['status']?.conditions?.find((c: {type: string}) => c.type === 'Available');
      return [
        object.metadata.name,
        service ? `${service.namespace}/${service.name}` : 'Local',
        available?.status ?? 'Unknown',
        ageOf(created(object), now),
      ];
    },
  },
};

function eventPrinter(): Printer {
  return {
    columns: columns(
      'Last Seen|Type|Reason|Object|+Subobject|+Source|Message|+First Seen|+Count:integer|+Name',
    ),
    cells: (event, now) => {
      const since = (time: unknown) => (time ? ageOf(String(time), now) : undefined);
      const first = since(event['firstTimestamp'] ?? event['deprecatedFirstTimestamp'] ?? event['eventTime']);
      const series = event['series'];
      const last = series
        ? since(series.lastObservedTime)
        : since(event['lastTimestamp'] ?? event['deprecatedLastTimestamp']);
      const about = event['involvedObject'] ?? event['regarding'] ?? {};
      const kind = String(about.kind ?? '').toLowerCase();
      return [
        last ?? first ?? '<unknown>',
        event['type'] ?? '',
        event['reason'] ?? '',
        about.name ? `${kind}/${about.name}` : kind,
        about.fieldPath ?? '',
        eventSource(event),
        String(event['message'] ?? event['note'] ?? '').trim(),
        first ?? '<unknown>',
        series?.count ?? (event['count'] || event['deprecatedCount'] || 1),
        event.metadata.name,
      ];
    },
  };
}

function eventSource(event: KubeObject): string {
  const source = event['source'] ?? event['deprecatedSource'] ?? {};
  const component = source.component || event['reportingComponent'] || event['reportingController'] || '';
  const host = source.host || event['reportingInstance'] || '';
  return host ? `${component}, ${host}` : component;
}

function bindingPrinter(): Printer {
  return {
    columns: columns('Name|Role|Age|+Users|+Groups|+ServiceAccounts'),
    cells: (object, now) => {
      const subjects: {kind: string; name: string; namespace?: string}[] = object['subjects'] ?? [];
      const named = (kind: string) => subjects.filter(subject => subject.kind === kind);
      return [
        object.metadata.name,
        `${object['roleRef']?.kind}/${object['roleRef']?.name}`,
        ageOf(created(object), now),
        named('User')
          .map(subject => subject.name)
          .join(', '),
        named('Group')
          .map(subject => subject.name)
          .join(', '),
        named('ServiceAccount')
          .map(subject => `${subject.namespace}/${subject.name}`)
          .join(', '),
      ];
    },
  };
}

function webhookPrinter(): Printer {
  return {
    columns: columns('Name|Webhooks:integer|Age'),
    cells: (object, now) => [
      object.metadata.name,
      object['webhooks']?.length ?? 0,
      ageOf(created(object), now),
    ],
  };
}

function nodeStatus(node: KubeObject): string {
  const ready = node['status']?.conditions?.find((c: {type: string}) => c.type === 'Ready');
  const status = ready ? (ready.status === 'True' ? 'Ready' : 'NotReady') : 'Unknown';
  return node['spec']?.unschedulable ? `${status},SchedulingDisabled` : status;
}

const rolePrefix = 'node-role.kubernetes.io/';

function nodeRoles(node: KubeObject): string {
  const labels = node.metadata.labels ?? {};
  const roles = Object.keys(labels)
    .filter(key => key.startsWith(rolePrefix) && key.length > rolePrefix.length)
    .map(key => key.slice(rolePrefix.length));
  if (labels['kubernetes.io/role']) roles.push(labels['kubernetes.io/role']);
  return textOr([...new Set(roles)].sort().join(','), '<none>');
}

function nodeAddress(node: KubeObject, type: string): string {
  const addresses: {type: string; address: string}[] = node['status']?.addresses ?? [];
  return textOr(addresses.find(address => address.type === type)?.address, '<none>');
}

function hpaTargets(hpa: KubeObject): string {
  const specs: any[] = hpa['spec']?.metrics ?? [];
  const shown = specs
    .slice(0, 2)
    .map((spec, index) => hpaTarget(spec, hpa['status']?.currentMetrics?.[index]));
  if (shown.length === 0) return '<none>';
  return specs.length > 2 ? `${shown.join(', ')} + ${specs.length - 2} more...` : shown.join(', ');
}

const metricField: Record<string, string> = {
  Resource: 'resource',
  ContainerResource: 'containerResource',
  Pods: 'pods',
  Object: 'object',
  External: 'external',
};

function hpaTarget(spec: any, status: any): string {
  const field = metricField[spec.type];
  if (!field) return '<unknown type>';
  const {target = {}, name} = spec[field] ?? {};
  const current = status?.[field]?.current ?? {};
  const label = name && (field === 'resource' || field === 'containerResource') ? `${name}: ` : '';
  if (target.averageUtilization !== undefined) {
    const seen = current.averageUtilization === undefined ? '<unknown>' : `${current.averageUtilization}%`;
    return `${label}${seen}/${target.averageUtilization}%`;
  }
  if (target.averageValue !== undefined) {
    const suffix = field === 'object' || field === 'external' ? ' (avg)' : '';
    return `${label}${current.averageValue ?? '<unknown>'}/${target.averageValue}${suffix}`;
  }
  return `${label}${current.value ?? '<unknown>'}/${target.value}`;
}

function quotaUse(quota: KubeObject, wanted: (key: string) => boolean): string {
  const {hard = {}, used = {}} = quota['status'] ?? {};
  return Object.keys(hard)
    .filter(wanted)
    .sort()
    .map(key => `${key}: ${used[key] ?? 0}/${hard[key]}`)
    .join(', ');
}
