import {annotations, Lines, longTime, pairs} from './text.ts';

/** A quantity in Kubernetes' canonical form: `2048Mi` is `2Gi`, `2000m` is `2`. */
export function quantity(text: string): string {
  const match = /^(\d+)(Ki|Mi|Gi|Ti|m)?$/.exec(text);
  if (!match) return text;
  let amount = Number(match[1]);
  if (match[2] === 'm') return amount % 1000 === 0 ? String(amount / 1000) : text;
  const units = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi'];
  let unit = units.indexOf(match[2] ?? '');
  while (unit >= 0 && unit < units.length - 1 && amount > 0 && amount % 1024 === 0) {
    amount /= 1024;
    unit++;
  }
  return `${amount}${units[unit] ?? ''}`;
}

function ports(list: any[] | undefined, field: 'containerPort' | 'hostPort'): string {
  return (list ?? []).map(port => `${port[field] ?? 0}/${port.protocol ?? 'TCP'}`).join(', ');
}

function probe(value: any): string {
  const how = value.exec
    ? `exec [${value.exec.command.join(' ')}]`
    : value.httpGet
      ? `http-get ${(value.httpGet.scheme ?? 'HTTP').toLowerCase()}://${value.httpGet.host ?? ''}:${value.httpGet.port}${value.httpGet.path ?? ''}`
      : value.tcpSocket
        ? `tcp-socket ${value.tcpSocket.host ?? ''}:${value.tcpSocket.port}`
        : value.grpc
          ? `grpc <pod>:${value.grpc.port} ${value.grpc.service ?? ''}`
          : 'unknown';
  return `${how} delay=${value.initialDelaySeconds ?? 0}s timeout=${value.timeoutSeconds ?? 0}s period=${value.periodSeconds ?? 0}s #success=${value.successThreshold ?? 0} #failure=${value.failureThreshold ?? 0}`;
}

function state(lines: Lines, title: string, value: any): void {
  const level = 2;
  if (value?.running) {
    lines.add(level, `${title}:\tRunning`);
    lines.add(level + 1, `Started:\t${longTime(value.running.startedAt)}`);
  } else if (value?.terminated) {
    const {reason, message, exitCode, signal, startedAt, finishedAt} = value.terminated;
    lines.add(level, `${title}:\tTerminated`);
    if (reason) lines.add(level + 1, `Reason:\t${reason}`);
    if (message) lines.add(level + 1, `Message:\t${message}`);
    lines.add(level + 1, `Exit Code:\t${exitCode}`);
    if (signal) lines.add(level + 1, `Signal:\t${signal}`);
    lines.add(level + 1, `Started:\t${longTime(startedAt)}`);
    lines.add(level + 1, `Finished:\t${longTime(finishedAt)}`);
  } else {
    lines.add(level, `${title}:\tWaiting`);
    if (value?.waiting?.reason) lines.add(level + 1, `Reason:\t${value.waiting.reason}`);
  }
}

function environment(lines: Lines, container: any, pod: any): void {
  if (!container.env?.length) lines.add(2, 'Environment:\t<none>');
  else lines.add(2, 'Environment:');
  for (const {name, value, valueFrom} of container.env ?? []) {
    if (!valueFrom) {
      (value ?? '').split('\n').forEach((line: string, index: number) => {
        lines.add(3, index === 0 ? `${name}:\t${line}` : `\t${line}`);
      });
    } else if (valueFrom.fieldRef) {
      const {fieldPath, apiVersion = 'v1'} = valueFrom.fieldRef;
      const known: Record<string, unknown> = {
        'metadata.name': pod?.metadata?.name,
        'metadata.namespace': pod?.metadata?.namespace,
        'metadata.uid': pod?.metadata?.uid,
      };
      lines.add(3, `${name}:\t${pod?.status ? (known[fieldPath] ?? '') : ''} (${apiVersion}:${fieldPath})`);
    } else if (valueFrom.resourceFieldRef) {
      const {resource} = valueFrom.resourceFieldRef;
      const [list = '', item = ''] = resource.split('.');
      lines.add(3, `${name}:\t${container.resources?.[list]?.[item] ?? 'node allocatable'} (${resource})`);
    } else if (valueFrom.secretKeyRef) {
      const {key, name: secret, optional = false} = valueFrom.secretKeyRef;
      lines.add(3, `${name}:\t<set to the key '${key}' in secret '${secret}'>\tOptional: ${optional}`);
    } else if (valueFrom.configMapKeyRef) {
      const {key, name: map, optional = false} = valueFrom.configMapKeyRef;
      lines.add(3, `${name}:\t<set to the key '${key}' of config map '${map}'>\tOptional: ${optional}`);
    }
  }
}

/** `Containers:` or `Init Containers:`; with `pod`, also how each is doing. */
export function containerLines(
  lines: Lines,
  options: {
    title: string;
    containers: readonly any[];
    statuses?: readonly any[] | undefined;
    pod?: any;
    space: string;
  },
): void {
  const {title, containers, statuses, pod, space} = options;
  lines.raw(`${space}${title}:`);
  for (const container of containers) {
    const status = statuses?.find(candidate => candidate.name === container.name);
    const inner = new Lines();
    inner.raw(` ${space.length > 0 || !pod ? '  ' : ' '}${container.name}:`);
    if (status) {
      inner.add(2, `Container ID:\t${status.containerID ?? ''}`);
    }
    inner.add(2, `Image:\t${container.image}`);
    if (status) inner.add(2, `Image ID:\t${status.imageID ?? ''}`);
    const many = (container.ports?.length ?? 0) > 1 ? 's' : '';
    inner.add(2, `Port${many}:\t${ports(container.ports, 'containerPort') || '<none>'}`);
    inner.add(2, `Host Port${many}:\t${ports(container.ports, 'hostPort') || '<none>'}`);
    for (const [name, words] of [
      ['Command', container.command],
      ['Args', container.args],
    ] as const) {
      if (!words?.length) continue;
      inner.add(2, `${name}:`);
      for (const word of words) for (const line of String(word).split('\n')) inner.add(3, line);
    }
    if (status) {
      state(inner, 'State', status.state);
      if (status.lastState?.terminated) state(inner, 'Last State', status.lastState);
      inner.add(2, `Ready:\t${status.ready ? 'True' : 'False'}`);
      inner.add(2, `Restart Count:\t${status.restartCount}`);
    }
    for (const [name, amounts] of [
      ['Limits', container.resources?.limits],
      ['Requests', container.resources?.requests],
    ] as const) {
      if (!amounts || Object.keys(amounts).length === 0) continue;
      inner.add(2, `${name}:`);
      for (const key of Object.keys(amounts).sort())
        inner.add(3, `${key}:\t${quantity(String(amounts[key]))}`);
    }
    if (container.livenessProbe) inner.add(2, `Liveness:\t${probe(container.livenessProbe)}`);
    if (container.readinessProbe) inner.add(2, `Readiness:\t${probe(container.readinessProbe)}`);
    if (container.startupProbe) inner.add(2, `Startup:\t${probe(container.startupProbe)}`);
    environment(inner, container, pod);
    const mounts = [...(container.volumeMounts ?? [])].sort((left: any, right: any) =>
      left.mountPath < right.mountPath ? -1 : 1,
    );
    if (mounts.length === 0) inner.add(2, 'Mounts:\t<none>');
    else inner.add(2, 'Mounts:');
    for (const {mountPath, name, readOnly, subPath} of mounts) {
      inner.add(
        3,
        `${mountPath} from ${name} (${readOnly ? 'ro' : 'rw'}${subPath ? `,path="${subPath}"` : ''})`,
      );
    }
    lines.raw(inner.toString().replace(/\n$/, ''));
  }
}

function volume(lines: Lines, source: any): void {
  const add = (text: string) => lines.add(2, text);
  if (source.emptyDir) {
    add("Type:\tEmptyDir (a temporary directory that shares a pod's lifetime)");
    add(`Medium:\t${source.emptyDir.medium ?? ''}`);
    add(`SizeLimit:\t${source.emptyDir.sizeLimit ?? '<unset>'}`);
  } else if (source.configMap) {
    add('Type:\tConfigMap (a volume populated by a ConfigMap)');
    add(`Name:\t${source.configMap.name}`);
    add(`Optional:\t${source.configMap.optional ?? false}`);
  } else if (source.secret) {
    add('Type:\tSecret (a volume populated by a Secret)');
    add(`SecretName:\t${source.secret.secretName}`);
    add(`Optional:\t${source.secret.optional ?? false}`);
  } else if (source.projected) {
    add('Type:\tProjected (a volume that contains injected data from multiple sources)');
    for (const part of source.projected.sources ?? []) {
      if (part.serviceAccountToken)
        add(`TokenExpirationSeconds:\t${part.serviceAccountToken.expirationSeconds}`);
      else if (part.configMap) {
        add(`ConfigMapName:\t${part.configMap.name}`);
        add(`Optional:\t${part.configMap.optional ?? false}`);
      } else if (part.downwardAPI) add('DownwardAPI:\ttrue');
      else if (part.secret) add(`SecretName:\t${part.secret.name}`);
    }
  } else if (source.downwardAPI) {
    add('Type:\tDownwardAPI (a volume populated by information about the pod)');
    add('Items:');
    for (const {fieldRef, path} of source.downwardAPI.items ?? [])
      lines.add(3, `${fieldRef?.fieldPath} -> ${path}`);
  } else if (source.hostPath) {
    add('Type:\tHostPath (bare host directory volume)');
    add(`Path:\t${source.hostPath.path}`);
    add(`HostPathType:\t${source.hostPath.type ?? ''}`);
  } else if (source.persistentVolumeClaim) {
    add('Type:\tPersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)');
    add(`ClaimName:\t${source.persistentVolumeClaim.claimName}`);
    add(`ReadOnly:\t${source.persistentVolumeClaim.readOnly ?? false}`);
  } else add('<unknown>');
}

/** `Volumes:`. */
export function volumeLines(lines: Lines, volumes: readonly any[] | undefined, space: string): void {
  if (!volumes?.length) {
    lines.raw(`${space}Volumes:\t<none>`);
    return;
  }
  lines.raw(`${space}Volumes:`);
  for (const source of volumes) {
    lines.raw(`${space === '' ? '  ' : '   '}${source.name}:`);
    volume(lines, source);
  }
}

/** `Node-Selectors:` and `Tolerations:`. */
export function placementLines(lines: Lines, spec: any, level: number): void {
  pairs(lines, 'Node-Selectors', spec.nodeSelector, {level});
  const tolerations = (spec.tolerations ?? []).map((toleration: any) => {
    const {key = '', value, operator, effect, tolerationSeconds} = toleration;
    const what = `${key}${value ? `=${value}` : ''}${effect ? `:${effect}` : ''}`;
    return `${what}${operator === 'Exists' && !value ? (key === '' && !effect ? 'op=Exists' : ' op=Exists') : ''}${tolerationSeconds === undefined ? '' : ` for ${tolerationSeconds}s`}`;
  });
  if (tolerations.length === 0) lines.add(level, 'Tolerations:\t<none>');
  tolerations.sort().forEach((text: string, index: number) => {
    lines.add(level, `${index === 0 ? 'Tolerations:' : ''}\t${text}`);
  });
}

/** A pod template, as workloads and `rollout history` show it. */
export function podTemplateText(template: any, space: string): string {
  const lines = new Lines();
  pairs(lines, 'Labels', template.metadata?.labels, {level: 1});
  if (Object.keys(template.metadata?.annotations ?? {}).length > 0)
    annotations(lines, template.metadata.annotations, 1);
  const {spec} = template;
  if (spec.serviceAccountName) lines.add(1, `Service Account:\t${spec.serviceAccountName}`);
  if (spec.initContainers?.length)
    containerLines(lines, {title: 'Init Containers', containers: spec.initContainers, space});
  containerLines(lines, {title: 'Containers', containers: spec.containers, space});
  volumeLines(lines, spec.volumes, space);
  if (spec.priorityClassName) lines.add(1, `Priority Class Name:\t${spec.priorityClassName}`);
  placementLines(lines, spec, 1);
  return lines.toString().replace(/\n$/, '');
}
