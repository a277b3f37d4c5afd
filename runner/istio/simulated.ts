/** A field that the proxies act on, whole or in parts; `*` stands for every key of a map. Lists are as their entries. */
export type Simulated = true | {readonly [field: string]: Simulated};

/** `a, b` as fields that are acted on whole. */
function whole(names: string): Record<string, true> {
  return Object.fromEntries(names.split(', ').map(name => [name, true]));
}

const destination = {host: true, subset: true, port: whole('number')} as const;
const headers = whole('request, response');
const l4Match = whole('port, sourceLabels, sourceNamespace, gateways, destinationSubnets');
const selector = whole('matchLabels');

const portPolicy = {
  connectionPool: {
    http: whole('http1MaxPendingRequests, http2MaxRequests'),
    tcp: whole('connectTimeout, maxConnections'),
  },
  loadBalancer: {
    simple: true,
    consistentHash: {
      ...whole('httpHeaderName, httpQueryParameterName, useSourceIp'),
      httpCookie: whole('name, path, ttl'),
    },
  },
  outlierDetection: whole(
    'consecutive5xxErrors, consecutiveErrors, consecutiveGatewayErrors, interval, baseEjectionTime, maxEjectionPercent, minHealthPercent',
  ),
  tls: whole('mode'),
} as const;

const trafficPolicy = {
  ...portPolicy,
  portLevelSettings: {port: whole('number'), ...portPolicy},
} as const;

/**
 * What of Istio's kinds has an effect in the sandbox. All else is stored, and named to whoever applies it; kinds
 * that are not here have no effect at all.
 */
export const simulated: Readonly<Record<string, Simulated>> = {
  VirtualService: {
    ...whole('hosts, gateways, exportTo'),
    http: {
      ...whole('name, timeout, mirrorPercentage, mirrorPercent, mirror_percent, rewrite, delegate, redirect'),
      match: {
        ...whole('name, uri, scheme, method, authority, headers, withoutHeaders, queryParams'),
        ...whole('port, sourceLabels, sourceNamespace, gateways, ignoreUriCase'),
      },
      route: {destination, weight: true, headers},
      directResponse: true,
      retries: whole('attempts, perTryTimeout, retryOn, backoff'),
      fault: {
        delay: whole('fixedDelay, percentage, percent'),
        abort: whole('httpStatus, grpcStatus, percentage'),
      },
      mirror: destination,
      mirrors: {destination, percentage: true},
      corsPolicy: whole(
        'allowOrigins, allowOrigin, allowMethods, allowHeaders, exposeHeaders, maxAge, allowCredentials, unmatchedPreflights',
      ),
      headers,
    },
    tcp: {match: l4Match, route: {destination, weight: true}},
    tls: {match: {...l4Match, sniHosts: true}, route: {destination, weight: true}},
  },
  DestinationRule: {
    ...whole('host, exportTo'),
    trafficPolicy,
    subsets: {name: true, labels: true, trafficPolicy},
    workloadSelector: selector,
  },
  Gateway: {
    selector: true,
    servers: {...whole('name, hosts, port'), tls: whole('httpsRedirect')},
  },
  ServiceEntry: {
    ...whole('hosts, addresses, ports, location, resolution, exportTo'),
    endpoints: whole('address, ports, labels'),
    workloadSelector: whole('labels'),
  },
  Sidecar: {
    workloadSelector: whole('labels'),
    egress: {hosts: true, port: whole('number, name, protocol')},
    outboundTrafficPolicy: whole('mode'),
  },
  PeerAuthentication: {selector, mtls: whole('mode'), portLevelMtls: {'*': whole('mode')}},
  AuthorizationPolicy: {
    action: true,
    selector,
    rules: {
      from: {
        source: {
          ...whole('principals, notPrincipals, requestPrincipals, notRequestPrincipals'),
          ...whole('namespaces, notNamespaces, serviceAccounts, notServiceAccounts'),
          ...whole('ipBlocks, notIpBlocks, remoteIpBlocks, notRemoteIpBlocks'),
        },
      },
      to: {operation: whole('hosts, notHosts, ports, notPorts, methods, notMethods, paths, notPaths')},
      when: whole('key, values, notValues'),
    },
  },
  Telemetry: {selector, accessLogging: whole('disabled, providers')},
};
