import {covers} from '../hosts.ts';
import type {L4Match, L4Route} from '../types.ts';
import {validateRouteDestinations} from './destinations.ts';
import {type Collector, quietly} from './findings.ts';
import {quoted} from './go-format.ts';
import {isIp, validateSubnet} from './ip-address.ts';
import {validateGatewayNames, validateLabels, validatePortNumber, wildcardDomainFault} from './names.ts';
import {gatewaySniFault} from './sni.ts';

/** Istio: `validateTCPRoute`. */
export function validateTcpRoute({match, route}: L4Route, found: Collector): void {
  for (const each of match ?? []) validateL4Match(each, quietly(found));
  if (!route?.length) found.error('TCP route is required');
  validateRouteDestinations(route, found);
}

interface TlsContext {
  hosts: readonly string[];
  onGateway: boolean;
}

/** Istio: `validateTLSRoute`. */
export function validateTlsRoute({match, route}: L4Route, context: TlsContext, found: Collector): void {
  if (!match?.length) found.error('TLS route must have at least one match condition');
  for (const each of match ?? []) {
    for (const host of each.sniHosts ?? []) validateSniHost(host, context, found);
    if (!each.sniHosts?.length) found.error('TLS match must have at least one SNI host');
    validateL4Match(each, found);
  }
  if (!route?.length) found.error('TLS route is required');
  validateRouteDestinations(route, found);
}

function validateL4Match(
  {destinationSubnets, port, sourceLabels, gateways}: L4Match,
  found: Collector,
): void {
  for (const subnet of destinationSubnets ?? []) validateSubnet(subnet, found);
  if (port) validatePortNumber(port, found);
  validateLabels(sourceLabels, found);
  validateGatewayNames(gateways, found);
}

function validateSniHost(sni: string, {hosts, onGateway}: TlsContext, found: Collector): void {
  const fault = onGateway ? gatewaySniFault(sni) : wildcardDomainFault(sni);
  if (fault && isIp(sni)) {
    found.warn(
      `using an IP address (${quoted(sni)}) goes against SNI spec and most clients do not support this`,
    );
  } else if (fault) found.error(fault);
  else if (!hosts.some(host => covers(host, sni))) {
    found.error(
      `SNI host ${quoted(sni)} is not a compatible subset of any of the virtual service hosts: [${hosts.join(', ')}]`,
    );
  }
}
