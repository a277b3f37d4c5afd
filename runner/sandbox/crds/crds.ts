import type {CustomSchema} from '../api/schema/schema-types.ts';
import type {KubeObject} from '../objects.ts';
import {object} from './builders.ts';
import {describe} from './descriptions.ts';
import {destinationRuleSpec} from './destination-rule.ts';
import {envoyFilterSpec, proxyConfigSpec, trafficExtensionSpec, wasmPluginSpec} from './extensions.ts';
import {gatewaySpec, sidecarSpec} from './gateway.ts';
import {authorizationPolicySpec, peerAuthenticationSpec, requestAuthenticationSpec} from './security.ts';
import {serviceEntrySpec, workloadEntrySpec, workloadGroupSpec} from './service-entry.ts';
import {status} from './shared.ts';
import {telemetrySpec} from './telemetry.ts';
import {virtualServiceSpec} from './virtual-service.ts';

interface Kind {
  kind: string;
  plural: string;
  group: 'networking' | 'security' | 'telemetry' | 'extensions';
  shortNames?: readonly string[];
  /** In the order of the file; the stored one has a star. */
  versions: string;
  /** Columns of `kubectl get` as `Name=path`, before the age unless `Age` is named. */
  columns?: string;
  /** The kinds without any column show their age by Kubernetes' own default. */
  specRequired?: boolean;
  /** The minor version of Istio that brought the kind. */
  since?: number;
  /** The minor version since which `helm uninstall` leaves the definition in place; without it, always. */
  keptSince?: number;
  spec(minor: number): CustomSchema;
}

const stable = 'v1* v1alpha3 v1beta1';

const kinds: readonly Kind[] = [
  {
    kind: 'TrafficExtension',
    plural: 'trafficextensions',
    group: 'extensions',
    versions: 'v1alpha1*',
    columns: 'Age',
    specRequired: true,
    since: 30,
    spec: trafficExtensionSpec,
  },
  {
    kind: 'WasmPlugin',
    plural: 'wasmplugins',
    group: 'extensions',
    versions: 'v1alpha1*',
    columns: 'Age',
    specRequired: true,
    spec: wasmPluginSpec,
  },
  {
    kind: 'DestinationRule',
    plural: 'destinationrules',
    group: 'networking',
    shortNames: ['dr'],
    versions: stable,
    columns: 'Host=.spec.host Age',
    spec: destinationRuleSpec,
  },
  {
    kind: 'EnvoyFilter',
    plural: 'envoyfilters',
    group: 'networking',
    versions: 'v1alpha3*',
    spec: envoyFilterSpec,
  },
  {
    kind: 'Gateway',
    plural: 'gateways',
    group: 'networking',
    shortNames: ['gw'],
    versions: stable,
    spec: gatewaySpec,
  },
  {
    kind: 'ProxyConfig',
    plural: 'proxyconfigs',
    group: 'networking',
    versions: 'v1beta1*',
    spec: proxyConfigSpec,
  },
  {
    kind: 'ServiceEntry',
    plural: 'serviceentries',
    group: 'networking',
    shortNames: ['se'],
    versions: stable,
    columns: 'Hosts=.spec.hosts Location=.spec.location Resolution=.spec.resolution Age',
    specRequired: true,
    spec: serviceEntrySpec,
  },
  {kind: 'Sidecar', plural: 'sidecars', group: 'networking', versions: stable, spec: sidecarSpec},
  {
    kind: 'VirtualService',
    plural: 'virtualservices',
    group: 'networking',
    shortNames: ['vs'],
    versions: stable,
    columns: 'Gateways=.spec.gateways Hosts=.spec.hosts Age',
    spec: virtualServiceSpec,
  },
  {
    kind: 'WorkloadEntry',
    plural: 'workloadentries',
    group: 'networking',
    shortNames: ['we'],
    versions: stable,
    columns: 'Age Address=.spec.address',
    specRequired: true,
    spec: workloadEntrySpec,
  },
  {
    kind: 'WorkloadGroup',
    plural: 'workloadgroups',
    group: 'networking',
    shortNames: ['wg'],
    versions: stable,
    columns: 'Age',
    specRequired: true,
    keptSince: 30,
    spec: workloadGroupSpec,
  },
  {
    kind: 'AuthorizationPolicy',
    plural: 'authorizationpolicies',
    group: 'security',
    shortNames: ['ap'],
    versions: 'v1* v1beta1',
    columns: 'Action=.spec.action Age',
    spec: authorizationPolicySpec,
  },
  {
    kind: 'PeerAuthentication',
    plural: 'peerauthentications',
    group: 'security',
    shortNames: ['pa'],
    versions: 'v1* v1beta1',
    columns: 'Mode=.spec.mtls.mode Age',
    spec: peerAuthenticationSpec,
  },
  {
    kind: 'RequestAuthentication',
    plural: 'requestauthentications',
    group: 'security',
    shortNames: ['ra'],
    versions: 'v1* v1beta1',
    spec: requestAuthenticationSpec,
  },
  {
    kind: 'Telemetry',
    plural: 'telemetries',
    group: 'telemetry',
    shortNames: ['telemetry'],
    versions: 'v1 v1alpha1*',
    columns: 'Age',
    spec: telemetrySpec,
  },
];

/**
 * Istio's CustomResourceDefinitions of a release: 14, and 15 from 1.30 on. The schemas accept and refuse what
 * those of Istio do; descriptions are ours. Known to match 1.27 and 1.30; a release between gets the older form.
 * @param istioVersion as `1.30.3`
 */
export function istioCrds(istioVersion: string): KubeObject[] {
  const minor = Number(istioVersion.split('.')[1]);
  return kinds.filter(kind => minor >= (kind.since ?? 0)).map(kind => definition(kind, minor));
}

function definition(kind: Kind, minor: number): KubeObject {
  const group = `${kind.group}.istio.io`;
  const area = {security: 'security', telemetry: 'telemetry'}[kind.group as string];
  const schema: CustomSchema = object(
    {spec: kind.spec(minor), status},
    kind.specRequired ? {required: ['spec']} : {},
  );
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${kind.plural}.${group}`,
      ...(minor >= (kind.keptSince ?? 0) ? {annotations: {'helm.sh/resource-policy': 'keep'}} : {}),
      labels: {
        app: 'istio-pilot',
        chart: 'istio',
        heritage: 'Tiller',
        ...(area ? {istio: area} : {}),
        release: 'istio',
      },
    },
    spec: {
      group,
      names: {
        categories: ['istio-io', `${kind.group}-istio-io`],
        kind: kind.kind,
        listKind: `${kind.kind}List`,
        plural: kind.plural,
        ...(kind.shortNames ? {shortNames: [...kind.shortNames]} : {}),
        singular: kind.kind.toLowerCase(),
      },
      scope: 'Namespaced',
      versions: versionsOf(kind, minor).map(({name, storage}) => ({
        ...(kind.columns ? {additionalPrinterColumns: columnsOf(kind.columns)} : {}),
        name,
        schema: {openAPIV3Schema: describe(kind.kind, schema)},
        served: true,
        storage,
        subresources: {status: {}},
      })),
    },
  };
}

/** Until 1.27 the security kinds were stored as v1beta1; by 1.30 they are as v1. */
function versionsOf(kind: Kind, minor: number): {name: string; storage: boolean}[] {
  const stored = kind.group === 'security' && minor < 30 ? 'v1beta1' : undefined;
  return kind.versions.split(' ').map(text => {
    const name = text.replace('*', '');
    return {name, storage: stored === undefined ? text.endsWith('*') : name === stored};
  });
}

function columnsOf(notation: string): Record<string, string>[] {
  return notation.split(' ').map(text => {
    const [name = '', jsonPath] = text.split('=');
    if (jsonPath)
      return {description: `${jsonPath.split('.').at(-1)} of the spec`, jsonPath, name, type: 'string'};
    return {
      description: 'Time since it was created',
      jsonPath: '.metadata.creationTimestamp',
      name,
      type: 'date',
    };
  });
}
