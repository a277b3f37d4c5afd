import type {Collector} from './findings.ts';
import {quoted} from './go-format.ts';
import {isIp} from './ip-address.ts';
import {isDnsLabel, partialWildcardFault, report, wildcardDomainFault} from './names.ts';

/** `namespace/host` of a gateway's server or a sidecar's egress (Istio: `ValidateNamespaceSlashWildcardHostname`). */
export function validateNamespacedHost(entry: string, kind: 'gateway' | 'sidecar', found: Collector): void {
  const slash = entry.indexOf('/');
  if (slash < 0) {
    if (kind === 'gateway') validateHost(entry, kind, found);
    else found.error('host must be of form namespace/dnsName');
    return;
  }
  const [namespace, host] = [entry.slice(0, slash), entry.slice(slash + 1)];
  if (namespace === '' || host === '') {
    found.error('config namespace and dnsName in host entry cannot be empty');
  }
  // A sidecar may name a namespace that it leaves out.
  const plain = kind === 'sidecar' ? namespace.replace(/^~/, '') : namespace;
  const special = plain === '*' || plain === '.' || (plain === '' && kind === 'sidecar');
  if (!special && !isDnsLabel(plain)) {
    found.error(`invalid namespace value ${quoted(namespace)} in ${kind}`);
  }
  validateHost(host, kind, found);
}

function validateHost(host: string, kind: 'gateway' | 'sidecar', found: Collector): void {
  if (host !== '*' && !host.includes('.')) found.error('short names (non FQDN) are not allowed');
  const fault = wildcardDomainFault(host);
  // A sidecar's is reported twice, once as a domain and once as no address.
  if (fault && kind === 'sidecar') found.error(fault);
  if (fault && !isIp(host)) found.error(fault);
  report(partialWildcardFault(host), found);
}
