import {trimmed} from '../../trim.ts';
import {quoted} from './go-format.ts';
import {wildcardDomainFault} from './names.ts';

const format = 'outbound_.<PORT>_._.<HOSTNAME>';

/**
 * What is wrong with a host of a VirtualService on a gateway that passes TLS on: beside domains there are the names
 * that istiod itself makes for `AUTO_PASSTHROUGH` (Istio: `ValidateWildcardDomainForVirtualServiceBoundToGateway`).
 */
export function gatewaySniFault(host: string): string | undefined {
  if (!host.startsWith('outbound_')) return wildcardDomainFault(host);
  const parts = host.split('_');
  if (parts.length < 4) return `domain name ${host} invalid, should follow '${format}' format`;
  const invalid = (part: string) =>
    `domain name ${quoted(host)} invalid (label ${quoted(part)} invalid). should follow ${format} format`;
  const [port, name] = [parts[1], parts[3]].map(part => trimmed(part ?? '', '.')) as [string, string];
  if (!/[0-9]/.test(port)) return invalid(port);
  return /[a-zA-Z]/.test(name) ? undefined : invalid(name);
}
