import {parseDuration} from '../duration.ts';
import {regexFault} from '../re2.ts';
import type {Destination, Percent, StringMatch} from '../types.ts';
import type {Collector} from './findings.ts';

const dns1123Label = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const dnsLabel = /^[a-zA-Z0-9]([-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/;
const headerName = /^[-_A-Za-z0-9!#$%&'*+.^`|~:]+$/;

export function isDns1123Label(text: string): boolean {
  return dns1123Label.test(text);
}

/** A host without wildcard (Istio: `ValidateFQDN`, `checkDNS1123Preconditions`). */
export function validateFqdn(host: string, found: Collector): void {
  const text = domainFault(host);
  if (text) found.error(text);
}

function domainFault(host: string): string | undefined {
  if (host.length > 255) return `domain name "${host}" too long (max 255)`;
  if (host === '') return 'empty domain name not allowed';
  for (const label of host.replace(/\.$/, '').split('.')) {
    if (!dnsLabel.test(label)) return `domain name "${host}" invalid (label "${label}" invalid)`;
  }
  return undefined;
}

/** A host that may start with `*` (Istio: `ValidateWildcardDomain`). */
export function validateWildcardDomain(host: string, found: Collector): void {
  if (host === '') return found.error('empty domain name not allowed');
  if (host === '*') return;
  const rest = host.startsWith('*.') ? host.slice(2) : host.startsWith('*') ? host.slice(1) : host;
  const labels = rest.split('.');
  for (const label of labels) {
    if (!dnsLabel.test(label)) return found.error(`domain name "${host}" invalid (label "${label}" invalid)`);
  }
}

export function validateDestination(destination: Destination | undefined, found: Collector): void {
  if (!destination) return;
  const host = destination.host ?? '';
  if (host === '*') found.error('invalid destination host *');
  else validateFqdnOrWildcard(host, found);
  validateSubsetName(destination.subset, found);
  const port = destination.port?.number;
  if (port !== undefined) validatePort(port, found);
}

function validateFqdnOrWildcard(host: string, found: Collector): void {
  if (host.startsWith('*')) validateWildcardDomain(host, found);
  else validateFqdn(host, found);
}

export function validateSubsetName(name: string | undefined, found: Collector): void {
  if (name && !isDns1123Label(name)) found.error(`subset name is invalid: ${name}`);
}

export function validatePort(port: number, found: Collector): void {
  if (port < 1 || port > 65_535) found.error(`port number ${port} must be in the range 1..65535`);
}

export function validateDuration(text: string | undefined, found: Collector): void {
  if (text === undefined) return;
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined) return found.error(`invalid duration: ${text}`);
  if (milliseconds < 1) found.error('duration must be greater than 1ms');
  else if (!Number.isInteger(milliseconds)) found.error('only durations to ms precision are supported');
}

export function validatePercentage(percent: Percent | undefined, found: Collector): void {
  const value = percent?.value;
  if (value === undefined || value === 0) return;
  if (value < 0.0001 || value > 100) {
    found.error(`percentage ${value} is neither 0.0, nor in range [0.0001, 100.0]`);
  }
}

/** @param where how the error names the field, e.g. `uri`. */
export function validateStringMatch(match: StringMatch | undefined, where: string, found: Collector): void {
  if (!match) return;
  if (match.prefix === '') found.error(`"${where}": prefix string match should not be empty`);
  if (match.regex !== undefined) validateRegexMatch(match.regex, where, found);
}

function validateRegexMatch(regex: string, where: string, found: Collector): void {
  if (regex === '') return found.error(`"${where}": regex string match should not be empty`);
  validateRegex(regex, where, found);
}

export function validateRegex(regex: string, where: string, found: Collector): void {
  if (regex.length > 1024) {
    return found.error(`"${where}": regex is too large, max length allowed is 1024`);
  }
  const fault = regex === '*' ? undefined : regexFault(regex);
  if (fault) {
    found.error(
      `"${where}": ${fault}; Istio uses RE2 style regex-based match (https://github.com/google/re2/wiki/Syntax)`,
    );
  }
}

export function validateHeaderName(name: string, found: Collector): void {
  if (name === '') return found.error('header name cannot be empty');
  if (!headerName.test(name)) found.error(`header name ${name} is not a valid header name`);
}

/** `*` alone, or named namespaces with `.` and `~` (Istio: `validateExportTo`). */
export function validateExportTo(exportTo: readonly string[] | undefined, found: Collector): void {
  if (!exportTo?.length) return;
  const seen = new Set<string>();
  for (const entry of exportTo) {
    if (seen.has(entry)) found.error(`duplicate entries in exportTo for entry ${entry}`);
    seen.add(entry);
    if (!['*', '.', '~'].includes(entry) && !isDns1123Label(entry)) {
      found.error(
        `only .,*, or a valid DNS 1123 label is allowed as exportTo entry: invalid namespace name ${entry}`,
      );
    }
  }
  if (exportTo.includes('*') && exportTo.length > 1) {
    found.error('cannot have both public (*) and non-public exportTo values for a resource');
  }
}
