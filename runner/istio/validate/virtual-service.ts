import {covers} from '../hosts.ts';
import type {VirtualService, VirtualServiceSpec} from '../types.ts';
import {validateExportTo} from './export-to.ts';
import type {Collector} from './findings.ts';
import {list} from './go-format.ts';
import {isClaim} from './headers.ts';
import {validateHttpRoute} from './http-route.ts';
import {isIp} from './ip-address.ts';
import {validateTcpRoute, validateTlsRoute} from './l4-route.ts';
import {validateGatewayNames, wildcardDomainFault} from './names.ts';
import {gatewaySniFault} from './sni.ts';
import {warnUnreachable} from './unreachable.ts';

/** Istio: `ValidateVirtualService`. */
export function validateVirtualService(virtualService: VirtualService, found: Collector): void {
  const spec = virtualService.spec ?? {};
  const {hosts = [], gateways = [], http = [], tcp = [], tls = []} = spec;
  const isDelegate = hosts.length === 0;
  if (isDelegate) validateDelegate(spec, found);
  validateGatewayNames(gateways, found);
  const onGateway = gateways.length > 0 && !gateways.includes('mesh');
  if (!onGateway) refuseClaims(spec, found);
  validateHosts(spec, {onGateway}, found);
  if (http.length + tcp.length + tls.length === 0) {
    found.error('http, tcp or tls must be provided in virtual service');
  }
  for (const route of http) validateHttpRoute(route, {isDelegate}, found);
  for (const route of tls) validateTlsRoute(route, {hosts, onGateway: !gateways.includes('mesh')}, found);
  for (const route of tcp) validateTcpRoute(route, found);
  validateExportTo({exportTo: spec.exportTo, namespace: virtualService.metadata.namespace ?? ''}, found);
  warnUnreachable(http, found);
  warnUnreachable(tcp, found);
  warnUnreachable(tls, found);
}

function validateDelegate({gateways, tls, tcp}: VirtualServiceSpec, found: Collector): void {
  if (gateways?.length) found.error('delegate virtual service must have no gateways specified');
  if (tls?.length) found.error('delegate virtual service must have no tls route specified');
  if (tcp?.length) found.error('delegate virtual service must have no tcp route specified');
}

function refuseClaims({http = [], gateways = []}: VirtualServiceSpec, found: Collector): void {
  for (const match of http.flatMap(route => route.match ?? [])) {
    for (const name of [...Object.keys(match.headers ?? {}), ...Object.keys(match.withoutHeaders ?? {})]) {
      if (!isClaim(name)) continue;
      found.error(
        `JWT claim based routing (key: ${name}) is only supported for gateway, found no gateways: ${list(gateways)}`,
      );
    }
  }
}

function validateHosts(
  {hosts = [], tls = []}: VirtualServiceSpec,
  {onGateway}: {onGateway: boolean},
  found: Collector,
): void {
  const hasSni = tls.some(route => route.match?.some(match => match.sniHosts?.length));
  let valid = true;
  for (const host of hosts) {
    const fault = onGateway && hasSni ? gatewaySniFault(host) : wildcardDomainFault(host);
    const text =
      !fault && !onGateway && host === '*'
        ? 'wildcard host * is not allowed for virtual services bound to the mesh gateway'
        : fault && !isIp(host)
          ? fault
          : undefined;
    if (text) {
      found.error(text);
      valid = false;
    }
  }
  if (!valid) return;
  for (const [index, host] of hosts.entries()) {
    for (const other of hosts.slice(index + 1)) {
      if (covers(host, other) || covers(other, host)) {
        found.error(`duplicate hosts in virtual service: ${host} & ${other}`);
      }
    }
  }
}
