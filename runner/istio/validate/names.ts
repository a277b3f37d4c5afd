import type {Collector} from './findings.ts';
import {byteLength, quoted} from './go-format.ts';

const label = '[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?';
const dnsLabel = new RegExp(`^${label}$`);
const wildcardLabel = new RegExp(`^(\\*|(\\*|\\*-)?${label})$`);
const tagName = '(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const tagKey = new RegExp(`^(${label}(?:\\.${label})*/)?(${tagName})$`);
const tagValue = new RegExp(`^(${tagName})?$`);
const longestLabel = 63;
const longestName = 255;

/** A DNS label as Istio takes it, capitals included (Istio: `labels.IsDNS1123Label`). */
export function isDnsLabel(text: string): boolean {
  return text.length <= longestLabel && dnsLabel.test(text);
}

/** What is wrong with a host without wildcard (Istio: `ValidateFQDN`). */
export function fqdnFault(host: string): string | undefined {
  return lengthFault(host) ?? labelsFault(host);
}

/** What is wrong with a host whose first label may be, or start with, `*` (Istio: `ValidateWildcardDomain`). */
export function wildcardDomainFault(host: string): string | undefined {
  const tooLong = lengthFault(host);
  if (tooLong) return tooLong;
  const dot = host.indexOf('.');
  const first = dot < 0 ? host : host.slice(0, dot);
  if (first.length > longestLabel || !wildcardLabel.test(first)) return invalidLabel(host, first);
  return dot < 0 ? undefined : labelsFault(host.slice(dot + 1));
}

/** A `*` that is neither alone nor a whole first label (Istio: `ValidatePartialWildCard`). */
export function partialWildcardFault(host: string): string | undefined {
  const partial = host.includes('*') && host.length !== 1 && !host.startsWith('*.');
  return partial ? `partial wildcard ${quoted(host)} not allowed` : undefined;
}

function lengthFault(host: string): string | undefined {
  if (byteLength(host) > longestName) {
    return `domain name ${quoted(host)} too long (max ${longestName})`;
  }
  return host === '' ? 'empty domain name not allowed' : undefined;
}

function labelsFault(domain: string): string | undefined {
  const parts = domain.split('.');
  const top = parts.at(-1) ?? '';
  if (/^[+-]?\d{1,18}$/.test(top)) {
    return `domain name ${quoted(domain)} invalid (top level domain ${quoted(top)} cannot be all-numeric)`;
  }
  // The last one may be empty, as in `istio.io.`.
  const wrong = parts.find(
    (part, index) => !(part === '' && index === parts.length - 1) && !isDnsLabel(part),
  );
  return wrong === undefined ? undefined : invalidLabel(domain, wrong);
}

function invalidLabel(domain: string, part: string): string {
  return `domain name ${quoted(domain)} invalid (label ${quoted(part)} invalid)`;
}

/** Keys and values of labels, as Istio checks them in its own fields (Istio: `labels.Instance.Validate`). */
export function validateLabels(labels: Readonly<Record<string, string>> | undefined, found: Collector): void {
  for (const [key, value] of Object.entries(labels ?? {})) {
    const [, prefix = '', name] = tagKey.exec(key) ?? [];
    if (name === undefined) found.listed(`invalid tag key: ${quoted(key)}`);
    else if (prefix.length > 254) found.listed(`invalid tag key: ${quoted(key)} (DNS prefix is too long)`);
    else if (name.length > longestLabel) found.listed(`invalid tag key: ${quoted(key)} (name is too long)`);
    if (!tagValue.test(value)) found.listed(`invalid tag value: ${quoted(value)}`);
  }
}

export function validatePortNumber(port: number, found: Collector): void {
  if (port < 1 || port > 65_535) found.error(`port number ${port} must be in the range 1..65535`);
}

export function validatePortName(name: string, found: Collector): void {
  if (!isDnsLabel(name)) found.error(`invalid port name: ${name}`);
}

export function validateSubsetName(name: string, found: Collector): void {
  if (name === '') found.error('subset name cannot be empty');
  else if (!isDnsLabel(name)) found.error(`subset name is invalid: ${name}`);
}

/** Gateways that a VirtualService or one of its matches names; a legacy name ends the check (Istio: `validateGatewayNames`). */
export function validateGatewayNames(names: readonly string[] | undefined, found: Collector): void {
  for (const name of names ?? []) {
    const slash = name.indexOf('/');
    if (slash < 0) {
      const [gateway = '', namespace = ''] = name.split('.');
      if (name.includes('.')) {
        found.warn(
          `using legacy gatewayName format ${quoted(name)}; prefer the <namespace>/<name> format: ${quoted(`${namespace}/${gateway}`)}`,
        );
      }
      report(fqdnFault(name), found);
      return;
    }
    const [namespace, gateway] = [name.slice(0, slash), name.slice(slash + 1)];
    if (namespace === '' || gateway === '') found.error('config namespace and gateway name cannot be empty');
    if (!isDnsLabel(namespace)) found.error(`invalid value for namespace: ${quoted(namespace)}`);
    if (!isDnsLabel(gateway)) found.error(`invalid value for gateway name: ${quoted(gateway)}`);
  }
}

export function report(fault: string | undefined, found: Collector): void {
  if (fault !== undefined) found.error(fault);
}
