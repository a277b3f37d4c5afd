// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources are found and replaced as they are written.
/**
 * Ways in which a mesh can be broken, and what must find each: the lab and the condition that fail first, and the cause
 * where the closed list has one. Where it has none, none may be named: what is broken then is the mesh itself.
 *
 * `changes` alter the sandbox's own sources; `commands` alter a cluster on which all labs have passed. One long table.
 */

const decide = 'runner/istio/decide.ts';
const match = 'runner/istio/match.ts';
const clusters = 'runner/istio/clusters.ts';
const outbound = 'runner/sandbox/mesh/proxy/outbound.ts';
const inbound = 'runner/sandbox/mesh/proxy/inbound.ts';
const balancer = 'runner/sandbox/mesh/proxy/balancer.ts';
const controlPlane = 'runner/sandbox/mesh/pilot/control-plane.ts';
const productPage = 'runner/sandbox/bookinfo/productpage.ts';
const pageHtml = 'runner/sandbox/bookinfo/product-page-html.ts';
const reviews = 'runner/sandbox/bookinfo/reviews.ts';
const ratings = 'runner/sandbox/bookinfo/ratings.ts';

const probed = 'probe';
const stars = /^stars/;

/** Broken in its own code; judged by the lab that is named, on a cluster on which those before it have passed. */
const brokenCode = [
  {
    name: 'a subset is ignored: any version answers',
    changes: [
      {
        file: clusters,
        from: 'port.endpoints.filter(endpoint => labelsMatch(subset.labels, endpoint.labels))',
        to: 'port.endpoints',
      },
    ],
    lab: 'route-to-v1',
    condition: stars,
  },
  {
    name: 'one request of ten goes to any version',
    changes: [
      {
        file: decide,
        from: 'const cluster = routes.clusters.find(destination.host, destination.port, destination.subset);',
        to: 'const cluster = routes.clusters.find(destination.host, destination.port, random() < 0.1 ? undefined : destination.subset);',
      },
    ],
    lab: 'route-to-v1',
    condition: stars,
  },
  {
    name: 'the wrong version answers: of two subsets the other one',
    changes: [
      {
        file: decide,
        from: 'const cluster = routes.clusters.find(destination.host, destination.port, destination.subset);',
        to: "const cluster = routes.clusters.find(destination.host, destination.port, destination.subset === 'v2' ? 'v3' : destination.subset);",
      },
    ],
    lab: 'route-to-v2',
    condition: stars,
  },
  {
    name: 'a proxy ignores what a header must be',
    changes: [
      {
        file: match,
        from: 'const test = asksPresence(wants) ? undefined : valueTest(wants);\n  return {\n    field: `headers.${name}`,',
        to: 'const test = (_: string) => true;\n  return {\n    field: `headers.${name}`,',
      },
    ],
    lab: 'route-jason',
    condition: stars,
  },
  {
    name: 'a rule with a header never matches',
    changes: [
      {
        file: match,
        from: 'const test = asksPresence(wants) ? undefined : valueTest(wants);\n  return {\n    field: `headers.${name}`,',
        to: 'const test = (_: string) => false;\n  return {\n    field: `headers.${name}`,',
      },
    ],
    lab: 'route-jason',
    condition: stars,
  },
  {
    name: 'a header rule matches everybody',
    changes: [
      {
        file: decide,
        from: 'return route.conditions.every(condition => condition.test(request));',
        to: "return route.conditions.every(condition => condition.field.startsWith('headers') || condition.test(request));",
      },
    ],
    lab: 'route-jason',
    condition: stars,
  },
  {
    name: 'the last rule that matches wins',
    changes: [
      {
        file: decide,
        from: 'const route = virtualHost.routes.find(candidate => matches(candidate, request));',
        to: 'const route = virtualHost.routes.findLast(candidate => matches(candidate, request));',
      },
    ],
    lab: 'route-jason',
    condition: stars,
  },
  {
    name: 'a route is taken by one load of five only',
    changes: [
      {
        file: decide,
        from: 'const route = virtualHost.routes.find(candidate => matches(candidate, request));',
        to: 'const route = virtualHost.routes.find(candidate => matches(candidate, request) && (candidate.conditions.length === 0 || random() < 0.8));',
      },
    ],
    lab: 'route-jason',
    condition: stars,
  },
  {
    name: 'configuration is acknowledged and never put in force',
    changes: [
      {
        file: controlPlane,
        from: 'proxy.receive(snapshot, version).then(',
        to: "(snapshot.config.some(({kind}) => kind === 'VirtualService') ? Promise.resolve() : proxy.receive(snapshot, version)).then(",
      },
    ],
    lab: 'route-to-v1',
    condition: stars,
  },
  {
    name: 'the proxies get the first route that there was, and no later one',
    changes: [
      {
        file: controlPlane,
        from: 'proxy.receive(snapshot, version).then(',
        to: "(snapshot.config.some(({kind, spec}: any) => kind === 'VirtualService' && JSON.stringify(spec).includes('\"v2\"')) ? Promise.resolve() : proxy.receive(snapshot, version)).then(",
      },
    ],
    lab: 'route-to-v2',
    condition: stars,
  },
  {
    name: 'what is deleted stays in force',
    changes: [
      {
        file: controlPlane,
        from: 'else store.delete(key);\n      if (!had && !has) return;',
        to: "else if (resource !== 'virtualservices.networking.istio.io') store.delete(key);\n      if (!had && !has) return;",
      },
    ],
    lab: 'route-to-v2',
    condition: stars,
  },
  {
    name: 'DestinationRules are not read',
    changes: [
      {
        file: controlPlane,
        from: 'config: watchedConfig.flatMap(all),',
        to: "config: watchedConfig.filter(kind => !kind.startsWith('destinationrules')).flatMap(all),",
      },
    ],
    lab: 'route-to-v1',
    condition: stars,
  },
  {
    name: 'VirtualServices are not read',
    changes: [
      {
        file: controlPlane,
        from: 'config: watchedConfig.flatMap(all),',
        to: "config: watchedConfig.filter(kind => !kind.startsWith('virtualservices')).flatMap(all),",
      },
    ],
    lab: 'route-to-v1',
    condition: stars,
  },
  {
    name: 'a balancer sticks to its first pod',
    changes: [
      {
        file: balancer,
        from: 'const any = (endpoints: readonly Endpoint[]) => endpoints[Math.floor(random() * endpoints.length)];',
        to: 'const any = (endpoints: readonly Endpoint[]) => [...endpoints].sort((a, b) => (a.ip < b.ip ? -1 : 1))[0];',
      },
    ],
    lab: 'deploy-bookinfo',
    condition: stars,
  },
  {
    name: 'a proxy refuses one request of twenty',
    changes: [
      {
        file: inbound,
        from: 'if (!verdict.allowed) return reply(',
        to: 'if (!verdict.allowed || runtime.random() < 0.05) return reply(',
      },
    ],
    lab: 'route-to-v2',
    condition: stars,
  },
  {
    name: 'every peer is refused, as with a certificate that has expired',
    changes: [
      {
        file: inbound,
        from: 'if (!verdict.allowed) return reply({status: 403, body:',
        to: "if (peer.principal) return reply({status: 503, body: 'upstream connect error', details: 'TLS_error:_CERTIFICATE_VERIFY_FAILED'});\n  if (!verdict.allowed) return reply({status: 403, body:",
      },
    ],
    lab: 'deploy-bookinfo',
    condition: stars,
  },
  {
    name: 'a proxy does not find its route at once: one request of ten is 404',
    changes: [
      {
        file: outbound,
        from: 'const decision = decide(routes, request, runtime.random);',
        to: "const decision = runtime.random() < 0.1 ? ({kind: 'no-route', routeName: '-'} as RouteDecision) : decide(routes, request, runtime.random);",
      },
    ],
    lab: 'route-to-v2',
    condition: stars,
  },
  {
    name: 'the style sheet is missing',
    changes: [{file: productPage, from: "case '/static/bookinfo.css':", to: "case '/static/another.css':"}],
    lab: 'deploy-bookinfo',
    condition: stars,
  },
  {
    name: 'ratings is down',
    changes: [
      {
        file: ratings,
        from: "if (variant === 'v-faulty' && random() < 0.5) unavailable(response);",
        to: "if (variant !== '') unavailable(response);",
      },
    ],
    lab: 'deploy-bookinfo',
    condition: stars,
  },
  {
    name: 'ratings answers every other time',
    changes: [
      {
        file: ratings,
        from: "if (variant === 'v-faulty' && random() < 0.5) unavailable(response);",
        to: 'if (random() < 0.5) unavailable(response);',
      },
    ],
    lab: 'deploy-bookinfo',
    condition: stars,
  },
  {
    name: 'a version of reviews flaps',
    changes: [
      {
        file: reviews,
        from: 'const stars = rated ?',
        to: "if (rated && colour === 'black' && context.random() < 0.3) {\n        respond(response, {status: 503, type: 'text/plain', body: ''});\n        return;\n      }\n      const stars = rated ?",
      },
    ],
    lab: 'route-to-v2',
    condition: stars,
  },
  {
    name: 'a version of reviews is slower than the page waits',
    changes: [
      {
        file: reviews,
        from: 'const stars = rated ?',
        to: "if (colour === 'black' && rated) await new Promise<void>(resolve => void context.clock.after(3500, resolve));\n      const stars = rated ?",
      },
    ],
    lab: 'route-to-v2',
    condition: stars,
  },
  {
    name: 'reviews v3 has black stars',
    changes: [
      {
        file: reviews,
        from: "v3: {ENABLE_RATINGS: 'true', STAR_COLOR: 'red'},",
        to: "v3: {ENABLE_RATINGS: 'true'},",
      },
    ],
    lab: 'deploy-bookinfo',
    condition: stars,
  },
  {
    name: 'reviews names a pod that is not itself',
    changes: [
      {
        file: reviews,
        from: '"podname": "${env.HOSTNAME ?? \'null\'}"',
        to: "\"podname\": \"${(env.HOSTNAME ?? 'null').replace('reviews-v2', 'reviews-v1')}\"",
      },
    ],
    lab: 'route-to-v2',
    condition: stars,
  },
  {
    name: 'the page has no reviews, and no error',
    changes: [{file: pageHtml, from: '(reviews.value.reviews ?? []).map(', to: '[].map('}],
    lab: 'deploy-bookinfo',
    condition: stars,
  },
  {
    name: 'the page forgets who signed in',
    changes: [
      {
        file: productPage,
        from: "return user === undefined ? headers : {'end-user': user, ...headers};",
        to: 'return headers;',
      },
    ],
    lab: 'route-jason',
    condition: stars,
  },
  {
    name: 'the page takes everybody for jason',
    changes: [
      {
        file: productPage,
        from: "return user === undefined ? headers : {'end-user': user, ...headers};",
        to: "return {'end-user': 'jason', ...headers};",
      },
    ],
    lab: 'route-jason',
    condition: stars,
  },
  {
    name: 'who signed out is still taken for jason',
    changes: [
      {
        file: productPage,
        from: "'set-cookie': 'session=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; HttpOnly; Path=/',",
        to: "'set-cookie': 'another=; Max-Age=0; HttpOnly; Path=/',",
      },
    ],
    lab: 'route-jason',
    condition: stars,
    // It can't be looked at as somebody who is signed out.
    exitCode: 3,
  },
  {
    name: 'the page answers 500 to one load of ten',
    changes: [
      {
        file: productPage,
        from: "case '/productpage':\n          return",
        to: "case '/productpage':\n          if (context.random() < 0.1) return void respond(response, {status: 500, type: html, body: 'Internal Server Error'});\n          return",
      },
    ],
    lab: 'deploy-bookinfo',
    condition: stars,
  },
  {
    name: 'a change takes two minutes',
    changes: [
      {
        file: controlPlane,
        from: 'timer = clock.after(pace.debounce, () => {',
        to: 'timer = clock.after(120_000, () => {',
      },
    ],
    lab: 'route-to-v1',
    condition: stars,
  },
  {
    name: 'no sidecar is injected',
    changes: [
      {
        file: 'runner/sandbox/mesh/inject/injection-plugin.ts',
        from: 'if (wantsInjection(pod, namespace, settings)) injectPod',
        to: "if (namespace !== 'bookinfo' && wantsInjection(pod, namespace, settings)) injectPod",
      },
    ],
    lab: 'deploy-bookinfo',
    condition: /ready with sidecar/,
    cause: 'pods-older-than-label',
  },
];

const kubectl = text => `kubectl -n bookinfo ${text}`;
const apply = manifest => `kubectl apply -f - <<'END'\n${manifest}\nEND`;
const object = (apiVersion, kind, name, spec) =>
  apply(`${JSON.stringify({apiVersion, kind, metadata: {name, namespace: 'bookinfo'}, spec})}`);
const networking = 'networking.istio.io/v1';
const security = 'security.istio.io/v1';
const reviewsOf = http => object(networking, 'VirtualService', 'reviews', {hosts: ['reviews'], http});
const jason = {headers: {'end-user': {exact: 'jason'}}};
const john = {headers: {'end-user': {exact: 'john'}}};
const to = subset => [{destination: {host: 'reviews', subset}}];
const asTaught = [{match: [jason], route: to('v2')}, {match: [john], route: to('v1')}, {route: to('v3')}];

/** What a team's own gateway does, for what no lab looks at: the page and its API from outside, by rules of their own. */
const gateway = [
  object(networking, 'Gateway', 'shop', {
    selector: {istio: 'ingressgateway'},
    servers: [{port: {number: 80, name: 'http', protocol: 'HTTP'}, hosts: ['*']}],
  }),
];
const toPage = [{destination: {host: 'productpage', port: {number: 9080}}}];
const shop = prefixes =>
  object(networking, 'VirtualService', 'shop', {
    hosts: ['*'],
    gateways: ['shop'],
    http: prefixes.map(prefix => ({match: [{uri: {prefix}}], route: toPage})),
  });
const page = ['/productpage', '/static', '/log'];

/** Broken in its own code as well; judged by `probe` through a gateway, after these commands. */
const brokenForProbes = [
  {
    name: 'a split is off by ten points',
    changes: [
      {
        file: 'runner/istio/weights.ts',
        from: 'let left = random() * entries',
        to: 'let left = (random() / 1.2) * entries',
      },
    ],
    commands: [
      ...gateway,
      shop(page),
      reviewsOf([
        {
          route: [
            {...to('v1')[0], weight: 50},
            {...to('v3')[0], weight: 50},
          ],
        },
      ]),
    ],
    expect: ['stars: {none: 50%, red: 50%}'],
    condition: stars,
  },
  {
    name: 'a policy lets too much through',
    changes: [
      {
        file: outbound,
        from: 'const verdict = gateway ? authorize(routes.snapshot, runtime.identity, asAsked(request, origin)) : allowed;',
        to: 'const verdict = gateway ? ((_: unknown): AuthorizationVerdict => allowed)(asAsked(request, origin)) : allowed;',
      },
      {file: outbound, from: '  authorize,\n', to: ''},
    ],
    commands: [
      ...gateway,
      shop([...page, '/api']),
      `kubectl apply -f - <<'END'\n${JSON.stringify({
        apiVersion: security,
        kind: 'AuthorizationPolicy',
        metadata: {name: 'no-api', namespace: 'istio-ingress'},
        spec: {action: 'DENY', rules: [{to: [{operation: {paths: ['/api/*']}}]}]},
      })}\nEND`,
    ],
    expect: ['{request: /api/v1/products, codes: 403, times: 20}', '{page: /productpage, status: 200}'],
    condition: /api/,
  },
  {
    name: 'a gateway serves an older route',
    changes: [
      {
        file: controlPlane,
        from: 'proxy.receive(snapshot, version).then(',
        to: "(proxy.type === 'router' && JSON.stringify(snapshot.config).includes('/api') ? Promise.resolve() : proxy.receive(snapshot, version)).then(",
      },
    ],
    commands: [...gateway, shop(page), shop([...page, '/api'])],
    expect: ['{page: /productpage, status: 200}', '{request: /api/v1/products, codes: 200, times: 20}'],
    condition: /api/,
  },
  {
    name: 'a page is slow for one visitor',
    changes: [
      {
        file: productPage,
        from: 'const details = await backends',
        to: "if (sessionUser(request.headers.cookie) === 'jason') await new Promise<void>(resolve => void context.clock.after(2500, resolve));\n    const details = await backends",
      },
    ],
    commands: [...gateway, shop([...page, '/login', '/logout'])],
    expect: [
      '{page: /productpage, visitor: john, status: 200, fasterThan: 2s}',
      '{page: /productpage, visitor: jason, status: 200, fasterThan: 2s}',
    ],
    condition: /jason/,
  },
].map(broken => ({lab: probed, ...broken}));

/** Broken by whoever may change objects, after all labs have passed; judged by the last lab's check. */
const brokenObjects = [
  {
    name: 'no pod of reviews v2',
    commands: [kubectl('scale deploy reviews-v2 --replicas 0')],
    cause: 'scaled-to-zero',
  },
  {name: 'no Service of ratings', commands: [kubectl('delete service ratings')], cause: 'service-missing'},
  {
    name: 'a Service of reviews that selects nothing',
    commands: [kubectl(`patch service reviews -p '{"spec":{"selector":{"app":"review"}}}'`)],
    cause: 'service-without-endpoints',
  },
  {
    name: 'a port of reviews that is not HTTP by its name',
    commands: [
      kubectl(`patch service reviews -p '{"spec":{"ports":[{"name":"tcp","port":9080,"targetPort":9080}]}}'`),
    ],
    cause: 'port-not-http',
  },
  {
    name: 'no DestinationRule of reviews',
    commands: [kubectl('delete destinationrule reviews')],
    cause: 'destination-rule-missing',
  },
  {
    name: 'a subset that selects no pod',
    commands: [
      kubectl(
        `patch destinationrule reviews --type merge -p '{"spec":{"subsets":[{"name":"v1","labels":{"version":"v1"}},{"name":"v2","labels":{"version":"2"}},{"name":"v3","labels":{"version":"v3"}}]}}'`,
      ),
    ],
    cause: 'subset-selects-no-pod',
  },
  {
    name: 'a subset that selects pods of another version',
    commands: [
      kubectl(
        `patch destinationrule reviews --type merge -p '{"spec":{"subsets":[{"name":"v1","labels":{"version":"v1"}},{"name":"v2","labels":{"version":"v3"}},{"name":"v3","labels":{"version":"v3"}}]}}'`,
      ),
    ],
    cause: 'subset-selects-other-pods',
  },
  {
    name: 'no VirtualService of reviews',
    commands: [kubectl('delete virtualservice reviews')],
    condition: /./,
    cause: 'virtual-service-missing',
  },
  {
    name: 'the rest before the named ones',
    commands: [reviewsOf([...asTaught].reverse())],
    cause: 'rule-order',
  },
  {
    name: 'a fault for jason',
    commands: [
      reviewsOf([
        {...asTaught[0], fault: {abort: {httpStatus: 500, percentage: {value: 100}}}},
        ...asTaught.slice(1),
      ]),
    ],
    cause: 'fault-injected',
  },
  {
    name: 'a tenth of jason elsewhere',
    commands: [
      reviewsOf([
        {
          match: [jason],
          route: [
            {...to('v2')[0], weight: 90},
            {...to('v3')[0], weight: 10},
          ],
        },
        ...asTaught.slice(1),
      ]),
    ],
    cause: 'weights',
  },
  {
    name: 'a policy that refuses reviews',
    commands: [
      object(security, 'AuthorizationPolicy', 'closed', {
        selector: {matchLabels: {app: 'reviews'}},
        action: 'DENY',
        rules: [{}],
      }),
    ],
    cause: 'policy-denies',
  },
  {
    name: 'a policy that lets nobody in',
    commands: [object(security, 'AuthorizationPolicy', 'nothing', {})],
    cause: 'policy-allows-nobody',
  },
  {
    name: 'a Sidecar that hides reviews',
    commands: [
      object(networking, 'Sidecar', 'default', {
        egress: [{hosts: ['istio-system/*']}],
        outboundTrafficPolicy: {mode: 'REGISTRY_ONLY'},
      }),
    ],
    cause: 'sidecar-hides-host',
  },
  {
    name: 'mutual TLS that the caller switches off and the callee demands',
    commands: [
      object(security, 'PeerAuthentication', 'default', {mtls: {mode: 'STRICT'}}),
      kubectl(
        `patch destinationrule reviews --type merge -p '{"spec":{"trafficPolicy":{"tls":{"mode":"DISABLE"}}}}'`,
      ),
    ],
    cause: 'mutual-tls-switched-off',
  },
];

/** One of three pods of the page keeps the route before the last. */
const laggingReplica = {
  name: 'one of three replicas lags',
  changes: [
    {
      file: controlPlane,
      from: 'proxy.receive(snapshot, version).then(',
      to: '(isLagging(proxy.name) && JSON.stringify(snapshot.config).includes(\'"newest"\') ? Promise.resolve() : proxy.receive(snapshot, version)).then(',
    },
    {
      file: controlPlane,
      from: '  return {\n    register(proxy) {',
      to: "  const isLagging = (name: string) => [...proxies.values()].map(each => each.name).filter(each => each.startsWith('productpage')).sort()[0] === name;\n  return {\n    register(proxy) {",
    },
  ],
  commands: [
    kubectl('scale deploy productpage-v1 --replicas 3'),
    kubectl('rollout status deploy productpage-v1 --timeout 60s'),
    reviewsOf([{route: to('v1')}]),
    reviewsOf([{name: 'newest', ...asTaught[0]}, ...asTaught.slice(1)]),
  ],
};

export const brokenMeshes = [
  ...brokenCode,
  ...brokenForProbes,
  ...[laggingReplica, ...brokenObjects].map(broken => ({lab: 'route-john', condition: stars, ...broken})),
];
