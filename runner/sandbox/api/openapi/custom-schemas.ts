import type {KubeObject} from '../../objects.ts';
import {addMessageSchema, schemaName} from './builtin-schemas.ts';
import type {GroupVersionKind} from './operations.ts';

const metaSchema = {
  apiVersion: {type: 'string', description: 'The group and version that this object is written in.'},
  kind: {type: 'string', description: 'What the object is.'},
  metadata: {
    description: 'Name, namespace, labels and the like.',
    allOf: [{$ref: `#/components/schemas/${schemaName('meta.v1.ObjectMeta')}`}],
    default: {},
  },
};

/** The published name of a custom kind: its group's parts reversed, as Kubernetes does. */
export function customSchemaName(gvk: GroupVersionKind): string {
  return `${gvk.group.split('.').reverse().join('.')}.${gvk.version}.${gvk.kind}`;
}

/** Adds what a CRD's schema says of one version, with the fields that every object has. */
export function addCustomSchema(
  crd: KubeObject,
  gvk: GroupVersionKind,
  schemas: Record<string, Record<string, unknown>>,
): void {
  addMessageSchema('meta.v1.ObjectMeta', schemas);
  const version = crd['spec']?.versions?.find((one: {name: string}) => one.name === gvk.version);
  const own = version?.schema?.openAPIV3Schema ?? {type: 'object'};
  schemas[customSchemaName(gvk)] = {
    ...own,
    type: 'object',
    properties: {...own.properties, ...metaSchema},
    'x-kubernetes-group-version-kind': [gvk],
  };
}
