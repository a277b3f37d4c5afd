import type {Random} from '../../clock.ts';
import type {Schema, ServedKind} from './served-kinds.ts';

const deepest = 9;

/** What a field holds in almost every manifest, by its name: without it nearly nothing would get past validation. */
const usual: Readonly<Record<string, unknown>> = {
  labels: {app: 'fuzz'},
  matchLabels: {app: 'fuzz'},
  annotations: {},
  finalizers: [],
  ownerReferences: [],
  managedFields: [],
  binaryData: {},
  containers: [{name: 'c', image: 'docker.io/curlimages/curl:8.16.0', command: ['sleep', '9999999']}],
  volumes: [],
  scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: 'steady'},
  roleRef: {apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view'},
  subjects: [{apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'fuzz'}],
  host: 'fuzz',
  hosts: ['fuzz'],
  ip: '10.0.0.7',
  path: '/fuzz',
  ports: [{name: 'http', port: 8080, protocol: 'TCP'}],
  port: 8080,
  containerPort: 8080,
  number: 8080,
  protocol: 'TCP',
  schedule: '*/5 * * * *',
  replicas: 1,
  dnsPolicy: 'ClusterFirst',
  sessionAffinity: 'None',
  imagePullPolicy: 'IfNotPresent',
  apiGroup: 'rbac.authorization.k8s.io',
  verbs: ['get'],
  apiGroups: [''],
  resources: ['pods'],
};

/** Fields without which an object of almost any kind is refused, though no schema says so. */
const needed = new Set(['containers', 'matchLabels', 'scaleTargetRef', 'roleRef', 'ports', 'template']);

/** Objects whose parts depend on each other too much to come out right by chance. */
const wholeSpecs: Readonly<Record<string, (name: string) => object>> = {
  CustomResourceDefinition: name => ({
    group: 'fuzz.example.org',
    scope: 'Namespaced',
    names: {plural: name, singular: `${name}-one`, kind: `K${name.replace(/\W/g, '')}`},
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {spec: {type: 'object', properties: {n: {type: 'integer', minimum: 1}}}},
          },
        },
      },
    ],
  }),
};

/**
 * An object that could be in a manifest: all that its schema requires and, the fuller the more, of what it allows.
 * @param options.fullness from 0 (only what is required) to 1
 */
export function saneObject(
  kind: ServedKind,
  options: {name: string; namespace: string; random: Random; fullness: number},
): any {
  const {name, namespace, random, fullness} = options;
  const metadata = {
    name: kind.kind === 'CustomResourceDefinition' ? `${name}.fuzz.example.org` : name,
    ...(kind.namespaced ? {namespace} : {}),
    labels: {app: 'fuzz'},
  };
  const made = madeOf({kind, random, fullness}, kind.schema, '', 0) as Record<string, unknown>;
  const spec = wholeSpecs[kind.kind]?.(name);
  return {...made, ...(spec ? {spec} : {}), apiVersion: kind.apiVersion, kind: kind.kind, metadata};
}

interface Making {
  kind: ServedKind;
  random: Random;
  fullness: number;
}

function madeOf(making: Making, reference: Schema, field: string, depth: number): unknown {
  const {kind, random} = making;
  const schema = kind.resolve(reference);
  if (field === 'metadata') return {labels: {app: 'fuzz'}};
  const known = field === 'restartPolicy' ? restartPolicyOf(kind) : usual[field];
  if (Object.hasOwn(usual, field) && typeOf(known) === schema.type) return structuredClone(known);
  if (field === 'restartPolicy') return known;
  if (schema.enum?.length) return schema.enum[Math.floor(random() * schema.enum.length)];
  switch (schema.type) {
    case 'object':
      return objectOf(making, schema, field, depth);
    case 'array':
      return depth < deepest && schema.items ? [madeOf(making, schema.items, `${field}[]`, depth + 1)] : [];
    case 'integer':
    case 'number':
      return Math.floor(random() * 3) + 1;
    case 'boolean':
      return random() < 0.5;
    case 'string':
      return schema.format === 'date-time' ? '2026-01-01T00:00:00Z' : `fuzz${Math.floor(random() * 3)}`;
    default:
      return schema['x-kubernetes-int-or-string'] || schema.oneOf ? 8080 : {};
  }
}

function objectOf(making: Making, schema: Schema, field: string, depth: number): object {
  const {kind, random, fullness} = making;
  if (!schema.properties) {
    const {additionalProperties: values} = schema;
    return typeof values === 'object' ? {app: madeOf(making, values, '', depth + 1)} : {};
  }
  const wanted = new Set(schema.required ?? []);
  // What is wanted of an object is nearly always its spec, and a template is nothing without one.
  if (schema.properties['spec'] && (depth === 0 || field === 'template' || field.endsWith('Template')))
    wanted.add('spec');
  for (const name in schema.properties) {
    if (needed.has(name)) wanted.add(name);
    if (name === 'selector' && kind.root === '/apis/apps/v1') wanted.add(name);
    if (name === 'restartPolicy' && restartPolicyOf(kind) === 'Never') wanted.add(name);
    // Deeper down less is taken, so that objects stay of a size that can be read.
    if (random() < fullness / (depth + 1)) wanted.add(name);
  }
  const made: Record<string, unknown> = {};
  for (const name of wanted) {
    const property = schema.properties[name];
    if (property && depth < deepest) made[name] = madeOf(making, property, name, depth + 1);
  }
  return made;
}

function restartPolicyOf({kind}: ServedKind): string {
  return /Job$/.test(kind) ? 'Never' : 'Always';
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'number' ? 'integer' : typeof value;
}
