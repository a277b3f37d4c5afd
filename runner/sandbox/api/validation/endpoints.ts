import {validateAddressOf, validateEndpointAddress} from './addresses.ts';
import {
  duplicateValue,
  type FieldError,
  invalidValue,
  requiredValue,
  tooMany,
  unsupportedValue,
} from './field-error.ts';
import {checkLabelName, checkQualifiedName, checkSubdomain, type NameCheck} from './names.ts';
import {isPort, validateProtocol} from './pods.ts';

const between = 'must be between 1 and 65535, inclusive';
const addressTypes = ['FQDN', 'IPv4', 'IPv6'];
const mostEndpoints = 1000;
const mostAddresses = 100;
const mostPorts = 20_000;

/** The older `Endpoints`, by Kubernetes' `ValidateEndpoints`. */
export function validateEndpoints({subsets}: any): FieldError[] {
  const errors: FieldError[] = [];
  for (const [index, subset] of (subsets ?? []).entries()) {
    const at = `subsets[${index}]`;
    const {addresses = [], notReadyAddresses = [], ports = []} = subset;
    if (addresses.length === 0 && notReadyAddresses.length === 0) {
      errors.push(requiredValue(at, 'must specify `addresses` or `notReadyAddresses`'));
    }
    for (const [name, list] of Object.entries<any[]>({addresses, notReadyAddresses})) {
      for (const [position, address] of list.entries()) {
        const place = `${at}.${name}[${position}]`;
        errors.push(...validateEndpointAddress(address.ip, `${place}.ip`));
        errors.push(...named(address.hostname, `${place}.hostname`, checkLabelName));
        errors.push(...named(address.nodeName, `${place}.nodeName`, checkSubdomain));
      }
    }
    for (const [position, port] of ports.entries()) {
      const place = `${at}.ports[${position}]`;
      if (ports.length > 1 && !port.name) errors.push(requiredValue(`${place}.name`));
      errors.push(...validateEndpointPort(port, place));
      if (!isPort(port.port)) errors.push(invalidValue(`${place}.port`, port.port ?? 0, between));
    }
  }
  return errors;
}

/** By Kubernetes' `ValidateEndpointSlice`. */
export function validateEndpointSlice(slice: any, old: any): FieldError[] {
  const {addressType, endpoints, ports} = slice;
  const errors: FieldError[] = [];
  // That there is none is said elsewhere.
  if (addressType && !addressTypes.includes(addressType)) {
    errors.push(unsupportedValue('addressType', addressType, addressTypes));
  }
  if (old && addressType !== old.addressType) {
    errors.push(invalidValue('addressType', addressType, 'field is immutable'));
  }
  if (endpoints?.length > mostEndpoints) {
    return [...errors, tooMany('endpoints', endpoints.length, mostEndpoints)];
  }
  for (const [index, endpoint] of (endpoints ?? []).entries()) {
    errors.push(...validateSliceEndpoint(endpoint, addressType, `endpoints[${index}]`));
  }
  if (ports?.length > mostPorts) return [...errors, tooMany('ports', ports.length, mostPorts)];
  const names = new Set<string>();
  for (const [index, port] of (ports ?? []).entries()) {
    const at = `ports[${index}]`;
    if (names.has(port.name ?? '')) errors.push(duplicateValue(`${at}.name`, port.name ?? ''));
    names.add(port.name ?? '');
    errors.push(...validateEndpointPort(port, at));
    if (port.port !== undefined && !isPort(port.port)) {
      errors.push(invalidValue(`${at}.port`, port.port, between));
    }
  }
  return errors;
}

function validateSliceEndpoint(endpoint: any, addressType: string, at: string): FieldError[] {
  const {addresses = [], nodeName, hostname} = endpoint;
  const errors: FieldError[] = [];
  if (addresses.length > mostAddresses) {
    errors.push(tooMany(`${at}.addresses`, addresses.length, mostAddresses));
  }
  for (const [index, address] of addresses.entries()) {
    const place = `${at}.addresses[${index}]`;
    if (addressType === 'IPv4') errors.push(...validateAddressOf('ipv4', address, place));
    else if (addressType === 'IPv6') errors.push(...validateAddressOf('ipv6', address, place));
    else if (addressType === 'FQDN') errors.push(...validateFullName(address, place));
  }
  errors.push(...named(nodeName, `${at}.nodeName`, checkSubdomain));
  errors.push(...named(hostname, `${at}.hostname`, checkLabelName));
  return errors;
}

function validateFullName(name: string, field: string): FieldError[] {
  if (name === '') return [requiredValue(field)];
  const bare = name.replace(/\.$/, '');
  const errors = named(bare, field, checkSubdomain).map(error => ({...error}));
  if (bare.split('.').length >= 2) return errors;
  return [
    ...errors,
    invalidValue(field, name, 'should be a domain with at least two segments separated by dots'),
  ];
}

function validateEndpointPort({name, protocol, appProtocol}: any, at: string): FieldError[] {
  return [
    ...(name ? named(name, `${at}.name`, checkLabelName) : []),
    ...validateProtocol(protocol, `${at}.protocol`),
    ...named(appProtocol, `${at}.appProtocol`, checkQualifiedName),
  ];
}

function named(value: string | undefined, field: string, check: NameCheck): FieldError[] {
  return value === undefined ? [] : check(value).map(problem => invalidValue(field, value, problem));
}
