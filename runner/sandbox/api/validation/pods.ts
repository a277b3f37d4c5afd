import {isDeepStrictEqual} from 'node:util';
import {
  duplicateValue,
  type FieldError,
  forbiddenValue,
  invalidValue,
  requiredValue,
  unsupportedValue,
} from './field-error.ts';
import {checkEnvName, checkLabelName, checkPortName, checkSubdomain} from './names.ts';

const between = 'must be between 1 and 65535, inclusive';

/** A pod's spec, in a pod or a template; Kubernetes' `ValidatePodSpec` as far as manifests run into it. */
export function validatePodSpec(spec: any, field: string): FieldError[] {
  if (!spec) return [requiredValue(`${field}.containers`)];
  const errors: FieldError[] = [];
  const volumes = new Set<string>();
  for (const [index, volume] of (spec.volumes ?? []).entries()) {
    errors.push(...validateVolume(volume, `${field}.volumes[${index}]`, volumes));
  }
  const names = new Set<string>();
  if (!spec.containers?.length) errors.push(requiredValue(`${field}.containers`));
  for (const kind of ['containers', 'initContainers']) {
    for (const [index, container] of (spec[kind] ?? []).entries()) {
      errors.push(
        ...validateContainer(container, {
          field: `${field}.${kind}[${index}]`,
          init: kind === 'initContainers',
          names,
          volumes,
        }),
      );
    }
  }
  const enums: [string, readonly string[]][] = [
    ['restartPolicy', ['Always', 'OnFailure', 'Never']],
    ['dnsPolicy', ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']],
  ];
  for (const [name, supported] of enums) {
    if (spec[name] && !supported.includes(spec[name])) {
      errors.push(unsupportedValue(`${field}.${name}`, spec[name], supported));
    }
  }
  if (spec.serviceAccountName) {
    for (const problem of checkSubdomain(spec.serviceAccountName)) {
      errors.push(invalidValue(`${field}.serviceAccountName`, spec.serviceAccountName, problem));
    }
  }
  if (spec.terminationGracePeriodSeconds < 0) {
    errors.push(nonNegative(`${field}.terminationGracePeriodSeconds`, spec.terminationGracePeriodSeconds));
  }
  return errors;
}

function validateVolume(volume: any, field: string, names: Set<string>): FieldError[] {
  const errors: FieldError[] = [];
  if (!volume.name) errors.push(requiredValue(`${field}.name`));
  else {
    for (const problem of checkLabelName(volume.name))
      errors.push(invalidValue(`${field}.name`, volume.name, problem));
    if (names.has(volume.name)) errors.push(duplicateValue(`${field}.name`, volume.name));
    names.add(volume.name);
  }
  const sources = Object.keys(volume).filter(key => key !== 'name' && volume[key] !== undefined);
  for (const extra of sources.slice(1)) {
    errors.push(forbiddenValue(`${field}.${extra}`, 'may not specify more than 1 volume type'));
  }
  if (volume.configMap && !volume.configMap.name) errors.push(requiredValue(`${field}.configMap.name`));
  if (volume.secret && !volume.secret.secretName) errors.push(requiredValue(`${field}.secret.secretName`));
  return errors;
}

interface ContainerContext {
  field: string;
  init: boolean;
  /** Names of the containers before, of either kind. */
  names: Set<string>;
  volumes: ReadonlySet<string>;
}

function validateContainer(container: any, {field, init, names, volumes}: ContainerContext): FieldError[] {
  const errors: FieldError[] = [];
  if (!container.name) errors.push(requiredValue(`${field}.name`));
  else {
    for (const problem of checkLabelName(container.name)) {
      errors.push(invalidValue(`${field}.name`, container.name, problem));
    }
    if (names.has(container.name)) errors.push(duplicateValue(`${field}.name`, container.name));
    names.add(container.name);
  }
  if (!container.image) errors.push(requiredValue(`${field}.image`));
  else if (container.image !== container.image.trim()) {
    errors.push(
      invalidValue(`${field}.image`, container.image, 'must not have leading or trailing whitespace'),
    );
  }
  errors.push(...validatePorts(container.ports ?? [], `${field}.ports`));
  errors.push(...validateEnvironment(container.env ?? [], `${field}.env`));
  errors.push(...validateMounts(container.volumeMounts ?? [], `${field}.volumeMounts`, volumes));
  const sidecar = container.restartPolicy === 'Always';
  for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    if (!container[probe]) continue;
    if (init && !sidecar) {
      errors.push(
        forbiddenValue(
          `${field}.${probe}`,
          'must not be set for init containers without restartPolicy=Always',
        ),
      );
    } else errors.push(...validateProbe(container[probe], `${field}.${probe}`));
  }
  const policies = ['Always', 'IfNotPresent', 'Never'];
  if (container.imagePullPolicy && !policies.includes(container.imagePullPolicy)) {
    errors.push(unsupportedValue(`${field}.imagePullPolicy`, container.imagePullPolicy, policies));
  }
  errors.push(...validateResources(container.resources, `${field}.resources`));
  return errors;
}

function validatePorts(ports: readonly any[], field: string): FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const at = `${field}[${index}]`;
    if (port.name) {
      for (const problem of checkPortName(port.name))
        errors.push(invalidValue(`${at}.name`, port.name, problem));
      if (names.has(port.name)) errors.push(duplicateValue(`${at}.name`, port.name));
      names.add(port.name);
    }
    if (!port.containerPort) errors.push(requiredValue(`${at}.containerPort`));
    else if (!isPort(port.containerPort))
      errors.push(invalidValue(`${at}.containerPort`, port.containerPort, between));
    if (port.hostPort && !isPort(port.hostPort))
      errors.push(invalidValue(`${at}.hostPort`, port.hostPort, between));
    errors.push(...validateProtocol(port.protocol, `${at}.protocol`));
  }
  return errors;
}

export function validateProtocol(protocol: string | undefined, field: string): FieldError[] {
  if (!protocol) return [requiredValue(field)];
  const supported = ['SCTP', 'TCP', 'UDP'];
  return supported.includes(protocol) ? [] : [unsupportedValue(field, protocol, supported)];
}

function validateEnvironment(env: readonly any[], field: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const [index, variable] of env.entries()) {
    if (!variable.name) errors.push(requiredValue(`${field}[${index}].name`));
    else {
      for (const problem of checkEnvName(variable.name)) {
        errors.push(invalidValue(`${field}[${index}].name`, variable.name, problem));
      }
    }
    if (variable.valueFrom && variable.value) {
      errors.push(
        invalidValue(`${field}[${index}].valueFrom`, '', 'may not be specified when `value` is not empty'),
      );
    }
  }
  return errors;
}

function validateMounts(mounts: readonly any[], field: string, volumes: ReadonlySet<string>): FieldError[] {
  const errors: FieldError[] = [];
  const paths = new Set<string>();
  for (const [index, mount] of mounts.entries()) {
    const at = `${field}[${index}]`;
    if (!mount.name) errors.push(requiredValue(`${at}.name`));
    else if (!volumes.has(mount.name)) {
      errors.push({
        reason: 'FieldValueInvalid',
        field: `${at}.name`,
        message: `Not found: ${JSON.stringify(mount.name)}`,
      });
    }
    if (!mount.mountPath) errors.push(requiredValue(`${at}.mountPath`));
    else if (paths.has(mount.mountPath))
      errors.push(invalidValue(`${at}.mountPath`, mount.mountPath, 'must be unique'));
    paths.add(mount.mountPath);
  }
  return errors;
}

const probeHandlers = ['exec', 'httpGet', 'tcpSocket', 'grpc'];

function validateProbe(probe: any, field: string): FieldError[] {
  const errors: FieldError[] = [];
  const handlers = probeHandlers.filter(handler => probe[handler]);
  if (handlers.length === 0) errors.push(requiredValue(field, 'must specify a handler type'));
  for (const handler of handlers.slice(1)) {
    errors.push(forbiddenValue(`${field}.${handler}`, 'may not specify more than 1 handler type'));
  }
  for (const number of [
    'initialDelaySeconds',
    'timeoutSeconds',
    'periodSeconds',
    'successThreshold',
    'failureThreshold',
  ]) {
    if (probe[number] < 0) errors.push(nonNegative(`${field}.${number}`, probe[number]));
  }
  return errors;
}

const quantity = /^[+-]?(\d+(?:\.\d*)?|\.\d+)(([KMGTPE]i|[numkMGTPE])|[eE][+-]?\d+)?$/;

function validateResources(resources: any, field: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const kind of ['limits', 'requests']) {
    for (const [name, value] of Object.entries(resources?.[kind] ?? {})) {
      if (quantity.test(String(value))) continue;
      errors.push(
        invalidValue(
          `${field}.${kind}.${name}`,
          value,
          "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
        ),
      );
    }
  }
  for (const [name, request] of Object.entries<any>(resources?.requests ?? {})) {
    const limit = resources.limits?.[name];
    if (limit === undefined || amount(request) <= amount(limit)) continue;
    errors.push(
      invalidValue(
        `${field}.requests`,
        String(request),
        `must be less than or equal to ${name} limit of ${limit}`,
      ),
    );
  }
  return errors;
}

const suffixes: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

function amount(value: unknown): number {
  const match = /^([+-]?[\d.]+(?:[eE][+-]?\d+)?)(.*)$/s.exec(String(value));
  return Number(match?.[1]) * (suffixes[match?.[2] ?? ''] ?? 1);
}

/** What may change in a pod that exists: images, and little else. */
export function validatePodUpdate(pod: any, old: any): FieldError[] {
  const frozen = (spec: any) => {
    const copy = structuredClone(spec ?? {});
    for (const kind of ['containers', 'initContainers']) for (const one of copy[kind] ?? []) delete one.image;
    for (const field of [
      'activeDeadlineSeconds',
      'terminationGracePeriodSeconds',
      'tolerations',
      'nodeName',
      'schedulingGates',
      'ephemeralContainers',
    ]) {
      delete copy[field];
    }
    return copy;
  };
  if (isDeepStrictEqual(frozen(pod.spec), frozen(old.spec))) return [];
  return [
    forbiddenValue(
      'spec',
      'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
    ),
  ];
}

export function isPort(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65_535;
}

export function nonNegative(field: string, value: unknown): FieldError {
  return invalidValue(field, value, 'must be greater than or equal to 0');
}
