import {parseAllDocuments} from 'yaml';
import type {IstioObject} from '../../../runner/istio/types.ts';

/** Small objects that both sides let in, of every kind that istiod's webhook sees: what the mutations start from. */
export const goodObjects: readonly IstioObject[] = parseAllDocuments(`
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: rules}
spec:
  hosts: [reviews]
  http:
  - name: insiders
    match:
    - {uri: {prefix: /reviews}, headers: {end-user: {exact: jason}}, method: {exact: GET}}
    - {name: second, uri: {prefix: /api}, queryParams: {page: {exact: "1"}}, withoutHeaders: {x-test: {}}}
    route:
    - {destination: {host: reviews, subset: v2}, weight: 90, headers: {request: {add: {x-seen: "yes"}}}}
    - {destination: {host: reviews, subset: v3}, weight: 10}
    timeout: 3s
    retries: {attempts: 3, perTryTimeout: 500ms, retryOn: 5xx}
  - match: [{uri: {exact: /old}, port: 9080, sourceLabels: {app: productpage}}]
    redirect: {uri: /new, redirectCode: 302}
  - fault: {delay: {fixedDelay: 2s, percentage: {value: 10}}, abort: {httpStatus: 500, percentage: {value: 1}}}
    route: [{destination: {host: reviews, subset: v1}}]
    mirror: {host: reviews, subset: v2}
    mirrorPercentage: {value: 50}
    corsPolicy: {allowOrigins: [{exact: "https://example.com"}], allowMethods: [GET], maxAge: 24h}
    rewrite: {uri: /v2}
    headers: {request: {set: {x-a: b}}, response: {remove: [x-old]}}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: gateway}
spec:
  hosts: [shop.example.com]
  gateways: [shop/front-door]
  http:
  - match: [{headers: {"@request.auth.claims.group": {exact: a}}}]
    directResponse: {status: 418, body: {string: short}}
  - match: [{uri: {regex: "/a.*"}}, {uri: {prefix: /a}}, {uri: {prefix: /a/b}, authority: {exact: a}}]
    route: [{destination: {host: shop}}]
    mirrors: [{destination: {host: shop, subset: v2}, percentage: {value: 5}}]
    rewrite: {uriRegexRewrite: {match: "/a(.*)", rewrite: '/b\\1'}}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: root}
spec:
  hosts: ["*.example.com"]
  http:
  - {match: [{uri: {prefix: /a}}], delegate: {name: part, namespace: shop}}
  - {route: [{destination: {host: shop}}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: delegate}
spec:
  http:
  - {match: [{uri: {prefix: /a}}], route: [{destination: {host: shop}}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: connections}
spec:
  hosts: [mongo.example.com, "*.example.org"]
  tcp:
  - match: [{port: 27017, destinationSubnets: [10.0.0.0/8], sourceLabels: {app: a}}, {port: 27018}]
    route: [{destination: {host: mongo, port: {number: 27017}}, weight: 100}]
  - route: [{destination: {host: mongo}}]
  tls:
  - match: [{port: 443, sniHosts: [mongo.example.com]}, {port: 443, sniHosts: ["a.example.org"]}]
    route: [{destination: {host: mongo}}]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: policies}
spec:
  host: reviews
  trafficPolicy:
    loadBalancer: {consistentHash: {httpCookie: {name: user, ttl: 0s}, ringHash: {minimumRingSize: 1024}}}
    connectionPool:
      tcp: {maxConnections: 100, connectTimeout: 30ms, tcpKeepalive: {time: 7200s, interval: 75s, probes: 3}}
      http: {http1MaxPendingRequests: 1, maxRequestsPerConnection: 10, idleTimeout: 1m, h2UpgradePolicy: UPGRADE}
    outlierDetection: {consecutive5xxErrors: 7, interval: 5m, baseEjectionTime: 15m, maxEjectionPercent: 100}
    tls: {mode: ISTIO_MUTUAL}
    portLevelSettings: [{port: {number: 80}, loadBalancer: {simple: LEAST_REQUEST}}]
  subsets:
  - {name: v1, labels: {version: v1}}
  - {name: v2, labels: {version: v2}, trafficPolicy: {loadBalancer: {simple: ROUND_ROBIN}}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: places}
spec:
  host: "*.bookinfo.svc.cluster.local"
  trafficPolicy:
    loadBalancer:
      simple: LEAST_REQUEST
      localityLbSetting: {distribute: [{from: a/b, to: {"a/*": 70, b: 30}}]}
      warmup: {duration: 60s, aggression: 1}
    outlierDetection: {splitExternalLocalOriginErrors: true, consecutiveLocalOriginFailures: 2}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: failover}
spec:
  host: reviews
  workloadSelector: {matchLabels: {app: productpage}}
  trafficPolicy:
    loadBalancer: {localityLbSetting: {failover: [{from: a, to: b}], failoverPriority: [version]}}
    outlierDetection: {consecutiveGatewayErrors: 2}
    tunnel: {protocol: CONNECT, targetHost: proxy.example.com, targetPort: 3128}
    tls: {mode: MUTUAL, clientCertificate: /c, privateKey: /k, caCertificates: /ca}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: front-door}
spec:
  selector: {istio: ingressgateway}
  servers:
  - port: {number: 80, name: http, protocol: HTTP}
    hosts: ["*", shop/shop.example.com]
    tls: {httpsRedirect: true}
  - port: {number: 443, name: https, protocol: HTTPS}
    hosts: [shop.example.com]
    tls: {mode: SIMPLE, credentialName: shop-certificate, minProtocolVersion: TLSV1_2}
  - port: {number: 8443, name: both, protocol: TLS}
    hosts: ["./two.example.com"]
    tls: {mode: MUTUAL, serverCertificate: /c, privateKey: /k, caCertificates: /ca}
  - {port: {number: 27017, name: mongo, protocol: MONGO}, hosts: ["*"], bind: 127.0.0.1}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: fixed}
spec:
  hosts: [api.example.com]
  addresses: [192.0.2.0/24]
  location: MESH_EXTERNAL
  resolution: STATIC
  ports: [{name: https, number: 443, protocol: TLS, targetPort: 8443}, {name: http, number: 80}]
  endpoints: [{address: 192.0.2.1, ports: {https: 8443}, labels: {version: v1}, weight: 20}]
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: named}
spec:
  hosts: [a.example.com, b.example.com]
  resolution: DNS
  ports: [{name: http, number: 80, protocol: HTTP}]
  endpoints: [{address: one.example.com}, {address: 192.0.2.9, ports: {http: 8080}}]
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: selected}
spec:
  hosts: ["*.example.com"]
  location: MESH_INTERNAL
  ports: [{name: tcp, number: 3306, protocol: TCP}]
  workloadSelector: {labels: {app: mysql}}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: dynamic}
spec: {hosts: ["*.example.com"], resolution: DYNAMIC_DNS, ports: [{name: http, number: 80, protocol: HTTP}]}
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: narrow}
spec:
  workloadSelector: {labels: {app: reviews}}
  ingress:
  - port: {number: 9080, protocol: HTTP, name: http}
    defaultEndpoint: 127.0.0.1:9080
    connectionPool: {http: {maxRetries: 2}}
  - {port: {number: 9443, protocol: HTTPS, name: https}, tls: {mode: SIMPLE, privateKey: /k, serverCertificate: /c}}
  egress:
  - {port: {number: 80, protocol: HTTP, name: e}, bind: 127.0.0.1, hosts: ["./*"]}
  - {hosts: ["./reviews.bookinfo.svc.cluster.local", istio-system/*]}
  outboundTrafficPolicy: {mode: ALLOW_ANY}
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: closed}
spec:
  egress: [{hosts: ["*/*"]}]
  outboundTrafficPolicy: {mode: ALLOW_ANY, egressProxy: {host: egress.example.com, port: {number: 443}}}
---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: machine}
spec: {address: 192.0.2.7, labels: {app: details}, ports: {http: 9080}, serviceAccount: details, weight: 1}
---
apiVersion: networking.istio.io/v1
kind: WorkloadGroup
metadata: {name: machines}
spec:
  metadata: {labels: {app: details}, annotations: {a: b}}
  template: {ports: {http: 9080}, serviceAccount: details}
  probe: {initialDelaySeconds: 5, httpGet: {path: /health, port: 9080, httpHeaders: [{name: X-Probe, value: a}]}}
---
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: {name: patches}
spec:
  workloadSelector: {labels: {app: reviews}}
  configPatches:
  - applyTo: HTTP_FILTER
    match:
      context: SIDECAR_INBOUND
      proxy: {proxyVersion: "1\\\\.30.*"}
      listener:
        filterChain: {filter: {name: envoy.filters.network.http_connection_manager, subFilter: {name: a}}}
    patch: {operation: REMOVE}
  - {applyTo: CLUSTER, match: {cluster: {name: a}}, patch: {operation: MERGE, value: {}}}
  - {applyTo: HTTP_ROUTE, match: {routeConfiguration: {name: a}}, patch: {operation: MERGE, value: {}}}
---
apiVersion: networking.istio.io/v1beta1
kind: ProxyConfig
metadata: {name: settings}
spec: {concurrency: 0, image: {imageType: distroless}, selector: {matchLabels: {a: b}}}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: allow}
spec:
  action: ALLOW
  selector: {matchLabels: {app: details}}
  rules:
  - from:
    - source: {principals: [cluster.local/ns/bookinfo/sa/productpage], notIpBlocks: [192.0.2.0/24]}
    - source: {serviceAccounts: [bookinfo/productpage], trustDomains: [td1]}
    to: [{operation: {methods: [GET], paths: ["/details/*"], notPorts: ["80"]}}]
    when: [{key: "request.headers[x-team]", values: [a], notValues: [b]}]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: deny}
spec:
  action: DENY
  rules: [{from: [{source: {requestPrincipals: ["*"]}}]}, {to: [{operation: {paths: ["/a/{*}/b"]}}]}]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: custom}
spec:
  action: CUSTOM
  provider: {name: authorizer}
  rules: [{to: [{operation: {ports: ["8080"]}}], when: [{key: source.ip, values: [10.0.0.1]}]}]
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: strict}
spec: {mtls: {mode: STRICT}, selector: {matchLabels: {app: a}}, portLevelMtls: {"9080": {mode: DISABLE}}}
---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: tokens}
spec:
  targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: front-door}]
  jwtRules:
  - issuer: https://issuer.example.com
    jwksUri: https://issuer.example.com/keys
    audiences: [shop]
    fromHeaders: [{name: x-jwt, prefix: "Bearer "}]
    outputClaimToHeaders: [{header: X-Sub, claim: sub}]
    timeout: 5s
  - {issuer: inside, jwks: '{"keys": [{"kty": "RSA", "e": "AQAB", "n": "AQAB"}]}'}
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: {name: signals}
spec:
  selector: {matchLabels: {app: reviews}}
  accessLogging: [{providers: [{name: envoy}], disabled: false, match: {mode: SERVER}}]
  metrics:
  - providers: [{name: prometheus}]
    overrides:
    - match: {metric: REQUEST_COUNT, mode: CLIENT}
      tagOverrides: {a: {value: "'b'", operation: UPSERT}, c: {operation: REMOVE}}
  tracing: [{randomSamplingPercentage: 10, customTags: {zone: {literal: {value: a}}}}]
---
apiVersion: extensions.istio.io/v1alpha1
kind: WasmPlugin
metadata: {name: plugin}
spec:
  url: oci://registry.example.com/filter:1
  pluginConfig: {any: [1, two]}
  vmConfig: {env: [{name: A, value: b}, {name: C, valueFrom: HOST}]}
  match: [{mode: SERVER, ports: [{number: 80}]}]
  targetRef: {group: "", kind: Service, name: reviews}
---
apiVersion: extensions.istio.io/v1alpha1
kind: TrafficExtension
metadata: {name: script}
spec:
  phase: STATS
  selector: {matchLabels: {app: reviews}}
  lua: {inlineCode: "function envoy_on_request() end"}
`).map(document => document.toJS());
