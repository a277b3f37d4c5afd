import {type Simulated, simulated} from './simulated.ts';
import type {IstioObject} from './types.ts';
import {isClaim} from './validate/headers.ts';

/**
 * Names what of an object the sandbox stores without simulating it, as paths from the object's root; a whole
 * kind is named by itself.
 */
export function unsupportedFields(object: IstioObject): string[] {
  const known = simulated[object.kind];
  if (!known) return [object.kind];
  return [...unknownWithin(object.spec, known, 'spec'), ...(byKind[object.kind]?.(object.spec ?? {}) ?? [])];
}

function unknownWithin(value: unknown, known: Simulated, at: string): string[] {
  if (known === true || typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => unknownWithin(item, known, `${at}[${index}]`));
  }
  return Object.entries(value).flatMap(([field, inner]) => {
    const own = known[field] ?? known['*'];
    const place = `${at}.${field}`;
    if (own) return unknownWithin(inner, own, place);
    return inner === null || inner === undefined ? [] : [place];
  });
}

const httpProtocol = /^(http|http2|grpc|grpc-web)$/i;

/** Values without effect, of fields that have one with others. */
const byKind: Record<string, (spec: any) => string[]> = {
  VirtualService: ({http = []}) => {
    const matches: any[] = http.flatMap((rule: any) => rule?.match ?? []);
    const names = matches.flatMap(({headers, withoutHeaders}) =>
      Object.keys({...headers, ...withoutHeaders}),
    );
    return names.some(isClaim) ? ['matching by @request.auth.claims'] : [];
  },
  // The proxies don't open TLS connections of their own towards hosts outside the mesh.
  DestinationRule: spec =>
    policiesOf(spec).flatMap(([at, policy]) =>
      ['SIMPLE', 'MUTUAL'].includes(policy?.tls?.mode) ? [`${at}.tls.mode ${policy.tls.mode}`] : [],
    ),
  Gateway: ({servers = []}) =>
    servers.flatMap(({port}: any, index: number) =>
      httpProtocol.test(port?.protocol ?? 'HTTP')
        ? []
        : [`spec.servers[${index}].port.protocol ${port.protocol}`],
    ),
  ServiceEntry: ({resolution}) => (resolution === 'DYNAMIC_DNS' ? [`spec.resolution ${resolution}`] : []),
  AuthorizationPolicy: spec => [
    ...(['CUSTOM', 'AUDIT'].includes(spec.action) ? [`spec.action ${spec.action}`] : []),
    ...(usesClaims(spec) ? ['requestPrincipals and request.auth'] : []),
    ...conditionKeys(spec).filter(key => unknownConditions.test(key)),
  ],
  Telemetry: ({accessLogging = []}) =>
    accessLogging.flatMap(({providers = []}: any, index: number) =>
      providers.flatMap(({name}: any, place: number) =>
        name === 'envoy' ? [] : [`spec.accessLogging[${index}].providers[${place}].name ${name}`],
      ),
    ),
};

function policiesOf({trafficPolicy, subsets = []}: any): [at: string, policy: any][] {
  const owners: [string, any][] = [
    ['spec', trafficPolicy],
    ...subsets.map((subset: any, index: number): [string, any] => [
      `spec.subsets[${index}]`,
      subset?.trafficPolicy,
    ]),
  ];
  return owners.flatMap(([owner, policy]): [string, any][] => {
    const at = `${owner}.trafficPolicy`;
    const ports: any[] = policy?.portLevelSettings ?? [];
    return [
      [at, policy],
      ...ports.map((port, index): [string, any] => [`${at}.portLevelSettings[${index}]`, port]),
    ];
  });
}

const unknownConditions =
  /^(destination\.ip|connection\.sni|source\.serviceAccount|source\.trustDomain|experimental\..*)$/;

function conditionKeys({rules = []}: any): string[] {
  return rules.flatMap((rule: any) => (rule?.when ?? []).map(({key = ''}: any) => key));
}

function usesClaims(spec: unknown): boolean {
  return /equestPrincipals"|request\.auth\./.test(JSON.stringify(spec));
}
