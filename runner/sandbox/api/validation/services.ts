import {
  duplicateValue,
  type FieldError,
  forbiddenValue,
  invalidValue,
  requiredValue,
  unsupportedValue,
} from './field-error.ts';
import {validateLabels} from './metadata.ts';
import {checkLabelName, checkPortName, checkSubdomain} from './names.ts';
import {isPort, validateProtocol} from './pods.ts';

const between = 'must be between 1 and 65535, inclusive';
const serviceTypes = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];

export function validateService(object: any, old: any): FieldError[] {
  const spec = object.spec ?? {};
  const errors: FieldError[] = [];
  const headless = spec.clusterIP === 'None';
  const external = spec.type === 'ExternalName';
  if (!spec.ports?.length && !headless && !external) errors.push(requiredValue('spec.ports'));
  if (spec.type && !serviceTypes.includes(spec.type))
    errors.push(unsupportedValue('spec.type', spec.type, serviceTypes));
  if (external) errors.push(...validateExternalName(spec));
  if (headless && (spec.type === 'NodePort' || spec.type === 'LoadBalancer')) {
    errors.push(
      invalidValue('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${spec.type} services`),
    );
  }
  errors.push(...validateServicePorts(spec.ports ?? []));
  errors.push(...validateLabels(spec.selector, 'spec.selector'));
  const affinities = ['ClientIP', 'None'];
  if (spec.sessionAffinity && !affinities.includes(spec.sessionAffinity)) {
    errors.push(unsupportedValue('spec.sessionAffinity', spec.sessionAffinity, affinities));
  }
  const before = old?.spec;
  const keepsAddress = before?.clusterIP && before.type !== 'ExternalName' && !external;
  if (keepsAddress && spec.clusterIP !== before.clusterIP) {
    // Kubernetes prints the list here, in the form of Go.
    const list = `[]string{${(spec.clusterIPs ?? [spec.clusterIP ?? '']).map((one: string) => JSON.stringify(one)).join(', ')}}`;
    errors.push({
      reason: 'FieldValueInvalid',
      field: 'spec.clusterIPs[0]',
      message: `Invalid value: ${list}: may not change once set`,
    });
  }
  return errors;
}

function validateExternalName(spec: any): FieldError[] {
  if (!spec.externalName) return [requiredValue('spec.externalName')];
  const errors: FieldError[] = [];
  for (const problem of checkSubdomain(spec.externalName.replace(/\.$/, ''))) {
    errors.push(invalidValue('spec.externalName', spec.externalName, problem));
  }
  if (spec.clusterIP && spec.clusterIP !== 'None') {
    errors.push(forbiddenValue('spec.clusterIPs', 'may not be set for ExternalName services'));
  }
  return errors;
}

function validateServicePorts(ports: readonly any[]): FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  const seen = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const at = `spec.ports[${index}]`;
    if (!port.name) {
      if (ports.length > 1) errors.push(requiredValue(`${at}.name`));
    } else {
      for (const problem of checkLabelName(port.name))
        errors.push(invalidValue(`${at}.name`, port.name, problem));
      if (names.has(port.name)) errors.push(duplicateValue(`${at}.name`, port.name));
      names.add(port.name);
    }
    if (!isPort(port.port)) errors.push(invalidValue(`${at}.port`, port.port ?? 0, between));
    errors.push(...validateProtocol(port.protocol, `${at}.protocol`));
    errors.push(...validateTargetPort(port.targetPort, `${at}.targetPort`));
    if (port.nodePort && !isPort(port.nodePort))
      errors.push(invalidValue(`${at}.nodePort`, port.nodePort, between));
    const identity = `${port.protocol}/${port.port}`;
    if (seen.has(identity)) {
      errors.push({
        reason: 'FieldValueDuplicate',
        field: at,
        message: `Duplicate value: ${JSON.stringify({protocol: port.protocol, port: port.port})}`,
      });
    }
    seen.add(identity);
  }
  return errors;
}

function validateTargetPort(targetPort: unknown, field: string): FieldError[] {
  if (targetPort === undefined) return [];
  if (typeof targetPort === 'number')
    return isPort(targetPort) ? [] : [invalidValue(field, targetPort, between)];
  return checkPortName(String(targetPort)).map(problem => invalidValue(field, targetPort, problem));
}
