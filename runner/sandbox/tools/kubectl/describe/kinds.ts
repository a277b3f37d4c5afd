import {ageOf} from '../../../age.ts';
import type {RestClient} from '../../shared/rest.ts';
import {sameTemplate, selectorText} from '../pods.ts';
import {nodeResources} from './node-resources.ts';
import {containerLines, placementLines, podTemplateText, volumeLines} from './pod-template.ts';
import {annotations, type Lines, longTime, pairs} from './text.ts';

export interface DescribeContext {
  client: RestClient;
  now: number;
}

/** Writes everything about one object but its events. */
export type Describer = (lines: Lines, object: any, context: DescribeContext) => void | Promise<void>;

function conditions(lines: Lines, list: readonly any[] | undefined): void {
  if (!list?.length) return;
  lines.add(0, 'Conditions:\n  Type\tStatus');
  for (const {type, status} of list) lines.add(1, `${type} \t${status} `);
}

const pod: Describer = (lines, object) => {
  const {metadata, spec, status = {}} = object;
  lines.add(0, `Name:\t${metadata.name}`);
  lines.add(0, `Namespace:\t${metadata.namespace}`);
  if (spec.priorityClassName) lines.add(0, `Priority Class Name:\t${spec.priorityClassName}`);
  if (spec.priority !== undefined && spec.priority !== null) lines.add(0, `Priority:\t${spec.priority}`);
  lines.add(0, `Service Account:\t${spec.serviceAccountName ?? ''}`);
  lines.add(0, `Node:\t${spec.nodeName ? `${spec.nodeName}/${status.hostIP ?? ''}` : '<none>'}`);
  if (status.startTime) lines.add(0, `Start Time:\t${longTime(status.startTime)}`);
  pairs(lines, 'Labels', metadata.labels);
  annotations(lines, metadata.annotations);
  if (metadata.deletionTimestamp) {
    lines.add(0, `Status:\tTerminating (lasts ${ageOf(metadata.deletionTimestamp, Date.now())})`);
    lines.add(0, `Termination Grace Period:\t${metadata.deletionGracePeriodSeconds}s`);
  } else lines.add(0, `Status:\t${status.phase}`);
  if (status.reason) lines.add(0, `Reason:\t${status.reason}`);
  if (status.message) lines.add(0, `Message:\t${status.message}`);
  lines.add(0, `IP:\t${status.podIP ?? ''}`);
  if (!status.podIPs?.length) lines.add(0, 'IPs:\t<none>');
  else {
    lines.add(0, 'IPs:');
    for (const {ip} of status.podIPs) lines.add(1, `IP:\t${ip}`);
  }
  const owner = metadata.ownerReferences?.find((reference: any) => reference.controller);
  if (owner) lines.add(0, `Controlled By:\t${owner.kind}/${owner.name}`);
  if (spec.initContainers?.length)
    containerLines(lines, {
      title: 'Init Containers',
      containers: spec.initContainers,
      statuses: status.initContainerStatuses,
      pod: object,
      space: '',
    });
  containerLines(lines, {
    title: 'Containers',
    containers: spec.containers,
    statuses: status.containerStatuses,
    pod: object,
    space: '',
  });
  conditions(lines, status.conditions);
  volumeLines(lines, spec.volumes, '');
  lines.add(0, `QoS Class:\t${status.qosClass ?? ''}`);
  placementLines(lines, spec, 0);
};

function head(lines: Lines, object: any, options: {created?: boolean} = {}): void {
  const {metadata} = object;
  lines.add(0, `Name:\t${metadata.name}`);
  if (metadata.namespace) lines.add(0, `Namespace:\t${metadata.namespace}`);
  if (options.created) lines.add(0, `CreationTimestamp:\t${longTime(metadata.creationTimestamp)}`);
}

const deployment: Describer = async (lines, object, {client}) => {
  const {metadata, spec, status = {}} = object;
  head(lines, object, {created: true});
  pairs(lines, 'Labels', metadata.labels);
  annotations(lines, metadata.annotations);
  lines.add(0, `Selector:\t${selectorText(spec.selector)}`);
  lines.add(
    0,
    `Replicas:\t${spec.replicas} desired | ${status.updatedReplicas ?? 0} updated | ${status.replicas ?? 0} total | ${status.availableReplicas ?? 0} available | ${status.unavailableReplicas ?? 0} unavailable`,
  );
  lines.add(0, `StrategyType:\t${spec.strategy?.type}`);
  lines.add(0, `MinReadySeconds:\t${spec.minReadySeconds ?? 0}`);
  const rolling = spec.strategy?.rollingUpdate;
  if (rolling)
    lines.add(
      0,
      `RollingUpdateStrategy:\t${rolling.maxUnavailable} max unavailable, ${rolling.maxSurge} max surge`,
    );
  lines.add(0, `Pod Template:\n${podTemplateText(spec.template, '  ')}`);
  if (status.conditions?.length) {
    lines.add(0, 'Conditions:\n  Type\tStatus\tReason');
    lines.add(1, '----\t------\t------');
    for (const {type, status: held, reason} of status.conditions)
      lines.add(1, `${type} \t${held}\t${reason}`);
  }
  const list = await client.json({
    path: `/apis/apps/v1/namespaces/${metadata.namespace}/replicasets`,
    query: {labelSelector: selectorText(spec.selector)},
  });
  const own = list.items.filter((set: any) =>
    set.metadata.ownerReferences?.some((owner: any) => owner.uid === metadata.uid),
  );
  const newest = own.find((set: any) => sameTemplate(set, object));
  const shown = (sets: any[]) =>
    sets
      .map(set => `${set.metadata.name} (${set.status?.replicas ?? 0}/${set.spec.replicas} replicas created)`)
      .join(', ') || '<none>';
  lines.add(0, `OldReplicaSets:\t${shown(own.filter((set: any) => set !== newest))}`);
  lines.add(0, `NewReplicaSet:\t${shown(newest ? [newest] : [])}`);
};

const replicaSet: Describer = async (lines, object, {client}) => {
  const {metadata, spec, status = {}} = object;
  head(lines, object);
  lines.add(0, `Selector:\t${selectorText(spec.selector)}`);
  pairs(lines, 'Labels', metadata.labels);
  annotations(lines, metadata.annotations);
  const owner = metadata.ownerReferences?.find((reference: any) => reference.controller);
  if (owner) lines.add(0, `Controlled By:\t${owner.kind}/${owner.name}`);
  lines.add(0, `Replicas:\t${status.replicas ?? 0} current / ${spec.replicas} desired`);
  const pods = await client.json({
    path: `/api/v1/namespaces/${metadata.namespace}/pods`,
    query: {labelSelector: selectorText(spec.selector)},
  });
  const count = (phase: string) => pods.items.filter((item: any) => item.status.phase === phase).length;
  lines.add(
    0,
    `Pods Status:\t${count('Running')} Running / ${count('Pending')} Waiting / ${count('Succeeded')} Succeeded / ${count('Failed')} Failed`,
  );
  lines.add(0, `Pod Template:\n${podTemplateText(spec.template, '  ')}`);
};

const service: Describer = async (lines, object, {client}) => {
  const {metadata, spec, status = {}} = object;
  head(lines, object);
  pairs(lines, 'Labels', metadata.labels);
  annotations(lines, metadata.annotations);
  lines.add(0, `Selector:\t${spec.selector ? selectorText({matchLabels: spec.selector}) : '<none>'}`);
  lines.add(0, `Type:\t${spec.type}`);
  if (spec.ipFamilyPolicy) lines.add(0, `IP Family Policy:\t${spec.ipFamilyPolicy}`);
  if (spec.ipFamilies?.length) lines.add(0, `IP Families:\t${spec.ipFamilies.join(',')}`);
  else lines.add(0, 'IP Families:\t<none>');
  lines.add(0, `IP:\t${spec.clusterIP ?? ''}`);
  lines.add(0, `IPs:\t${spec.clusterIPs?.join(',') || '<none>'}`);
  if (spec.externalIPs?.length) lines.add(0, `External IPs:\t${spec.externalIPs.join(',')}`);
  if (spec.externalName) lines.add(0, `External Name:\t${spec.externalName}`);
  const ingress = status.loadBalancer?.ingress ?? [];
  if (ingress.length > 0)
    lines.add(
      0,
      `LoadBalancer Ingress:\t${ingress.map((entry: any) => `${entry.ip ?? entry.hostname}${entry.ipMode ? ` (${entry.ipMode})` : ''}`).join(', ')}`,
    );
  const slices = await client.json({
    path: `/apis/discovery.k8s.io/v1/namespaces/${metadata.namespace}/endpointslices`,
    query: {labelSelector: `kubernetes.io/service-name=${metadata.name}`},
  });
  for (const port of spec.ports ?? []) {
    lines.add(0, `Port:\t${port.name || '<unset>'}\t${port.port}/${port.protocol}`);
    lines.add(0, `TargetPort:\t${port.targetPort ?? port.port}/${port.protocol}`);
    if (port.nodePort)
      lines.add(0, `NodePort:\t${port.name || '<unset>'}\t${port.nodePort}/${port.protocol}`);
    const ends: string[] = slices.items.flatMap((slice: any) =>
      (slice.ports ?? [])
        .filter((candidate: any) => (candidate.name ?? '') === (port.name ?? ''))
        .flatMap((candidate: any) =>
          (slice.endpoints ?? [])
            .filter((end: any) => end.conditions?.ready !== false)
            .flatMap((end: any) => end.addresses.map((address: string) => `${address}:${candidate.port}`)),
        ),
    );
    lines.add(
      0,
      `Endpoints:\t${ends.length > 3 ? `${ends.slice(0, 3).join(',')} + ${ends.length - 3} more...` : ends.join(',')}`,
    );
  }
  lines.add(0, `Session Affinity:\t${spec.sessionAffinity}`);
  if (spec.externalTrafficPolicy) lines.add(0, `External Traffic Policy:\t${spec.externalTrafficPolicy}`);
  if (spec.internalTrafficPolicy) lines.add(0, `Internal Traffic Policy:\t${spec.internalTrafficPolicy}`);
};

const namespace: Describer = async (lines, object, {client}) => {
  const {metadata, status} = object;
  lines.add(0, `Name:\t${metadata.name}`);
  pairs(lines, 'Labels', metadata.labels);
  annotations(lines, metadata.annotations);
  lines.add(0, `Status:\t${status?.phase}`);
  const path = `/api/v1/namespaces/${metadata.name}`;
  const quotas = await client.json({path: `${path}/resourcequotas`});
  const limits = await client.json({path: `${path}/limitranges`});
  lines.raw(
    quotas.items.length === 0
      ? '\nNo resource quota.'
      : `\nResource Quotas\n${quotas.items.map((item: any) => `  Name:\t${item.metadata.name}`).join('\n')}`,
  );
  lines.raw(
    limits.items.length === 0
      ? '\nNo LimitRange resource.'
      : `\nResource Limits\n${limits.items.map((item: any) => `  Name:\t${item.metadata.name}`).join('\n')}`,
  );
};

async function nodeLease(lines: Lines, name: string, client: RestClient): Promise<void> {
  const lease = await client
    .json({path: `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${name}`})
    .catch((error: Error) => error);
  if (lease instanceof Error) return void lines.add(0, `Lease:\tFailed to get lease: ${lease.message}`);
  lines.add(0, 'Lease:');
  lines.add(1, `HolderIdentity:\t${lease.spec?.holderIdentity ?? '<unset>'}`);
  lines.add(1, `AcquireTime:\t${longTime(lease.spec?.acquireTime)}`);
  lines.add(1, `RenewTime:\t${longTime(lease.spec?.renewTime)}`);
}

const node: Describer = async (lines, object, {client, now}) => {
  const {metadata, spec = {}, status = {}} = object;
  const roles = Object.keys(metadata.labels ?? {}).flatMap(key =>
    key.startsWith('node-role.kubernetes.io/') ? [key.slice(24)] : [],
  );
  lines.add(0, `Name:\t${metadata.name}`);
  lines.add(0, `Roles:\t${roles.join(',') || '<none>'}`);
  pairs(lines, 'Labels', metadata.labels);
  annotations(lines, metadata.annotations);
  lines.add(0, `CreationTimestamp:\t${longTime(metadata.creationTimestamp)}`);
  const taints = (spec.taints ?? []).map(
    (taint: any) => `${taint.key}${taint.value ? `=${taint.value}` : ''}:${taint.effect}`,
  );
  lines.add(0, `Taints:\t${taints.join('\n\t') || '<none>'}`);
  lines.add(0, `Unschedulable:\t${spec.unschedulable ?? false}`);
  await nodeLease(lines, metadata.name, client);
  if (status.conditions?.length) {
    lines.add(0, 'Conditions:\n  Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage');
    lines.add(1, '----\t------\t-----------------\t------------------\t------\t-------');
    for (const item of status.conditions)
      lines.add(
        1,
        `${item.type} \t${item.status} \t${longTime(item.lastHeartbeatTime)} \t${longTime(item.lastTransitionTime)} \t${item.reason} \t${item.message}`,
      );
  }
  lines.add(0, 'Addresses:');
  for (const {type, address} of status.addresses ?? []) lines.add(1, `${type}:\t${address}`);
  for (const [title, amounts] of [
    ['Capacity', status.capacity],
    ['Allocatable', status.allocatable],
  ] as const) {
    lines.add(0, `${title}:`);
    for (const key of Object.keys(amounts ?? {}).sort()) lines.add(1, `${key}:\t${amounts[key]}`);
  }
  const info = status.nodeInfo ?? {};
  lines.add(0, 'System Info:');
  for (const [title, field] of [
    ['Machine ID', 'machineID'],
    ['System UUID', 'systemUUID'],
    ['Boot ID', 'bootID'],
    ['Kernel Version', 'kernelVersion'],
    ['OS Image', 'osImage'],
    ['Operating System', 'operatingSystem'],
    ['Architecture', 'architecture'],
    ['Container Runtime Version', 'containerRuntimeVersion'],
    ['Kubelet Version', 'kubeletVersion'],
    ['Kube-Proxy Version', 'kubeProxyVersion'],
  ])
    lines.add(1, `${title}:\t${info[field as string] ?? ''}`);
  if (spec.podCIDR) lines.add(0, `PodCIDR:\t${spec.podCIDR}`);
  if (spec.podCIDRs?.length) lines.add(0, `PodCIDRs:\t${spec.podCIDRs.join(',')}`);
  if (spec.providerID) lines.add(0, `ProviderID:\t${spec.providerID}`);
  const pods = await client.json({
    path: '/api/v1/pods',
    query: {fieldSelector: `spec.nodeName=${metadata.name},status.phase!=Succeeded,status.phase!=Failed`},
  });
  nodeResources(lines, {
    pods: pods.items,
    allocatable: status.allocatable ?? status.capacity ?? {},
    age: pod => ageOf(pod.metadata.creationTimestamp, now),
  });
};

const configMap: Describer = (lines, object) => {
  head(lines, object);
  pairs(lines, 'Labels', object.metadata.labels);
  annotations(lines, object.metadata.annotations);
  lines.raw('\nData\n====');
  for (const key of Object.keys(object.data ?? {}).sort()) lines.raw(`${key}:\n----\n${object.data[key]}\n`);
  lines.raw('\nBinaryData\n====');
  for (const key of Object.keys(object.binaryData ?? {}).sort())
    lines.raw(`${key}: ${Buffer.from(object.binaryData[key], 'base64').length} bytes`);
  lines.raw('');
};

const secret: Describer = (lines, object) => {
  head(lines, object);
  pairs(lines, 'Labels', object.metadata.labels);
  annotations(lines, object.metadata.annotations);
  lines.raw(`\nType:\t${object.type}\n\nData\n====`);
  for (const key of Object.keys(object.data ?? {}).sort())
    lines.raw(`${key}:\t${Buffer.from(object.data[key], 'base64').length} bytes`);
};

const serviceAccount: Describer = (lines, object) => {
  head(lines, object);
  pairs(lines, 'Labels', object.metadata.labels);
  annotations(lines, object.metadata.annotations);
  const names = (list: any[] | undefined) => (list ?? []).map(item => item.name).join(',') || '<none>';
  lines.add(0, `Image pull secrets:\t${names(object.imagePullSecrets)}`);
  lines.add(0, `Mountable secrets:\t${names(object.secrets)}`);
  lines.add(0, 'Tokens:\t<none>');
};

const acronyms = ['API', 'URL', 'UID', 'OSB', 'GUID'];

/** `creationTimestamp` -> `Creation Timestamp`; names with odd characters stay. */
export function smartLabel(field: string): string {
  if (/[^\p{L}-]/u.test(field)) return field;
  const parts = field.match(/\p{Lu}+(?=\p{Lu}\p{Ll})|\p{Lu}?\p{Ll}+|\p{Lu}+|-+/gu) ?? [field];
  return parts
    .map(part =>
      acronyms.includes(part.toUpperCase()) ? part.toUpperCase() : part[0]?.toUpperCase() + part.slice(1),
    )
    .join(' ');
}

function fields(
  lines: Lines,
  value: Record<string, any>,
  level: number,
  path: string,
  skip: ReadonlySet<string>,
): void {
  for (const key of Object.keys(value).sort()) {
    const here = `${path}.${key}`;
    if (skip.has(here)) continue;
    const item = value[key];
    const title = smartLabel(key);
    if (Array.isArray(item)) {
      lines.add(level, `${title}:`);
      for (const child of item) {
        if (typeof child === 'object' && child !== null && !Array.isArray(child))
          fields(lines, child, level + 1, here, skip);
        else lines.add(level + 1, String(child));
      }
    } else if (typeof item === 'object' && item !== null) {
      lines.add(level, `${title}:`);
      fields(lines, item, level + 1, here, skip);
    } else lines.add(level, `${title}:\t${item === null ? '<nil>' : String(item)}`);
  }
}

/** Any other kind: its fields, one a line. */
export const generic: Describer = (lines, object) => {
  lines.add(0, `Name:\t${object.metadata.name}`);
  lines.add(0, `Namespace:\t${object.metadata.namespace ?? ''}`);
  pairs(lines, 'Labels', object.metadata.labels);
  annotations(lines, object.metadata.annotations);
  const {apiVersion, kind, ...rest} = object;
  const skip = new Set([
    '.metadata.name',
    '.metadata.namespace',
    '.metadata.labels',
    '.metadata.annotations',
    '.metadata.managedFields',
  ]);
  const titled: Record<string, any> = {apiVersion, kind, ...rest};
  fields(lines, titled, 0, '', skip);
};

/** By `resource.group`. */
export const describers: Readonly<Record<string, Describer>> = {
  pods: pod,
  'deployments.apps': deployment,
  'replicasets.apps': replicaSet,
  services: service,
  namespaces: namespace,
  nodes: node,
  configmaps: configMap,
  secrets: secret,
  serviceaccounts: serviceAccount,
};
