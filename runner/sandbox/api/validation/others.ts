import {isDeepStrictEqual} from 'node:util';
import {validateSchemaExpressions} from './definition-schemas.ts';
import {
  type FieldError,
  forbiddenValue,
  invalidValue,
  requiredValue,
  unsupportedValue,
} from './field-error.ts';
import {checkConfigKey} from './names.ts';

const dataLimit = 1024 * 1024;

function validateData(object: any, fields: readonly string[], size: (value: string) => number): FieldError[] {
  const errors: FieldError[] = [];
  let total = 0;
  for (const field of fields) {
    for (const [key, value] of Object.entries<any>(object[field] ?? {})) {
      for (const problem of checkConfigKey(key)) errors.push(invalidValue(`${field}[${key}]`, key, problem));
      total += size(String(value));
    }
  }
  if (total > dataLimit) {
    errors.push({
      reason: 'FieldValueInvalid',
      field: fields[0] === 'data' && fields.length === 1 ? 'data' : '',
      message: `Too long: may not be more than ${dataLimit} bytes`,
    });
  }
  return errors;
}

function validateImmutable(object: any, old: any, fields: readonly string[]): FieldError[] {
  if (!old?.immutable) return [];
  const errors: FieldError[] = [];
  const text = 'field is immutable when `immutable` is set';
  if (!object.immutable) errors.push(forbiddenValue('immutable', text));
  for (const field of fields) {
    if (!isDeepStrictEqual(object[field] ?? {}, old[field] ?? {})) errors.push(forbiddenValue(field, text));
  }
  return errors;
}

export function validateConfigMap(object: any, old: any): FieldError[] {
  const errors = validateData(object, ['data', 'binaryData'], Buffer.byteLength);
  for (const key of Object.keys(object.binaryData ?? {})) {
    if (key in (object.data ?? {})) {
      errors.push(invalidValue(`data[${key}]`, key, `duplicate of key present in binaryData`));
    }
  }
  return [...errors, ...validateImmutable(object, old, ['data', 'binaryData'])];
}

/** Keys that secrets of a known type can't do without. */
const neededKeys: Record<string, readonly string[]> = {
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
};

export function validateSecret(object: any, old: any): FieldError[] {
  const errors = validateData(object, ['data'], value => Buffer.byteLength(value, 'base64'));
  for (const key of neededKeys[object.type] ?? []) {
    if (object.data?.[key] === undefined) errors.push(requiredValue(`data[${key}]`));
  }
  if (old && object.type !== old.type) errors.push(invalidValue('type', object.type, 'field is immutable'));
  return [...errors, ...validateImmutable(object, old, ['data'])];
}

export function validateAutoscaler(object: any): FieldError[] {
  const {minReplicas, maxReplicas, scaleTargetRef} = object.spec ?? {};
  const errors: FieldError[] = [];
  if (minReplicas !== undefined && minReplicas < 1) {
    errors.push(invalidValue('spec.minReplicas', minReplicas, 'must be greater than or equal to 1'));
  }
  if (!(maxReplicas >= 1)) {
    errors.push(invalidValue('spec.maxReplicas', maxReplicas ?? 0, 'must be greater than 0'));
  }
  if (minReplicas !== undefined && maxReplicas < minReplicas) {
    errors.push(
      invalidValue('spec.maxReplicas', maxReplicas, 'must be greater than or equal to `minReplicas`'),
    );
  }
  for (const field of ['kind', 'name']) {
    if (!scaleTargetRef?.[field]) errors.push(requiredValue(`spec.scaleTargetRef.${field}`));
  }
  return errors;
}

export function validateDisruptionBudget(object: any): FieldError[] {
  const {minAvailable, maxUnavailable} = object.spec ?? {};
  if (minAvailable === undefined || maxUnavailable === undefined) return [];
  return [invalidValue('spec', object.spec, 'minAvailable and maxUnavailable cannot be both set')];
}

export function validateBinding(object: any, old: any): FieldError[] {
  const {roleRef, subjects} = object;
  const errors: FieldError[] = [];
  if (roleRef?.apiGroup && roleRef.apiGroup !== 'rbac.authorization.k8s.io') {
    errors.push(unsupportedValue('roleRef.apiGroup', roleRef.apiGroup, ['rbac.authorization.k8s.io']));
  }
  const kinds = object.kind === 'ClusterRoleBinding' ? ['ClusterRole'] : ['ClusterRole', 'Role'];
  if (!kinds.includes(roleRef?.kind))
    errors.push(unsupportedValue('roleRef.kind', roleRef?.kind ?? '', kinds));
  if (!roleRef?.name) errors.push(requiredValue('roleRef.name'));
  for (const [index, subject] of (subjects ?? []).entries()) {
    if (!subject.name) errors.push(requiredValue(`subjects[${index}].name`));
    // A RoleBinding's own namespace serves where none is given.
    if (subject.kind === 'ServiceAccount' && !subject.namespace && object.kind === 'ClusterRoleBinding')
      errors.push(requiredValue(`subjects[${index}].namespace`));
  }
  if (old && !isDeepStrictEqual(roleRef, old.roleRef)) {
    errors.push({
      reason: 'FieldValueInvalid',
      field: 'roleRef',
      message: `Invalid value: ${JSON.stringify(roleRef)}: cannot change roleRef`,
    });
  }
  return errors;
}

export function validateDefinition(object: any): FieldError[] {
  const {group, names, scope, versions} = object.spec ?? {};
  const errors: FieldError[] = [];
  const wanted = `${names?.plural}.${group}`;
  if (object.metadata.name !== wanted) {
    errors.push(
      invalidValue('metadata.name', object.metadata.name, 'must be spec.names.plural+"."+spec.group'),
    );
  }
  if (!group) errors.push(requiredValue('spec.group'));
  if (!scope) errors.push(requiredValue('spec.scope'));
  else if (scope !== 'Namespaced' && scope !== 'Cluster') {
    errors.push(unsupportedValue('spec.scope', scope, ['Cluster', 'Namespaced']));
  }
  for (const field of ['plural', 'singular', 'kind', 'listKind']) {
    if (!names?.[field]) errors.push(requiredValue(`spec.names.${field}`));
  }
  const stored = (versions ?? []).filter((version: {storage?: boolean}) => version.storage);
  if (stored.length !== 1) {
    errors.push(
      invalidValue(
        'spec.versions',
        versions ?? null,
        'must have exactly one version marked as storage version',
      ),
    );
  }
  for (const [index, version] of (versions ?? []).entries()) {
    if (!version.schema?.openAPIV3Schema) {
      errors.push(requiredValue(`spec.versions[${index}].schema.openAPIV3Schema`, 'schemas are required'));
    }
    // Kubernetes moves the schema of a single version to where all versions have theirs.
    const place = versions.length === 1 ? 'spec.validation' : `spec.versions[${index}].schema`;
    errors.push(...validateSchemaExpressions(version.schema?.openAPIV3Schema, `${place}.openAPIV3Schema`));
  }
  return errors;
}
