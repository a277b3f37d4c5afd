import type {KubeObject} from '../../objects.ts';
import {type FieldError, forbiddenValue, invalidValue, requiredValue} from './field-error.ts';
import {
  checkLabelName,
  checkLabelValue,
  checkPathSegment,
  checkQualifiedName,
  checkServiceName,
  checkSubdomain,
  type NameCheck,
} from './names.ts';

/** Resources whose names are no DNS subdomains. */
const nameChecks: Record<string, NameCheck> = {
  namespaces: checkLabelName,
  services: checkServiceName,
  'roles.rbac.authorization.k8s.io': checkPathSegment,
  'rolebindings.rbac.authorization.k8s.io': checkPathSegment,
  'clusterroles.rbac.authorization.k8s.io': checkPathSegment,
  'clusterrolebindings.rbac.authorization.k8s.io': checkPathSegment,
};

const annotationLimit = 256 * 1024;

/** Names, labels, annotations and what may not change; Kubernetes' `ValidateObjectMeta`. */
export function validateMetadata(
  resource: string,
  object: KubeObject,
  old: KubeObject | undefined,
): FieldError[] {
  const {metadata} = object;
  const errors: FieldError[] = [];
  const check = nameChecks[resource] ?? checkSubdomain;
  if (metadata.name) {
    for (const problem of check(metadata.name))
      errors.push(invalidValue('metadata.name', metadata.name, problem));
  } else if (metadata.generateName) {
    // A dash at the end is fine in a prefix: the server appends to it.
    const prefix = metadata.generateName.replace(/-$/, 'a');
    for (const problem of check(prefix))
      errors.push(invalidValue('metadata.generateName', metadata.generateName, problem));
  } else {
    errors.push(requiredValue('metadata.name', 'name or generateName is required'));
  }
  errors.push(
    ...validateLabels(metadata.labels, 'metadata.labels'),
    ...validateAnnotations(metadata.annotations),
  );
  for (const finalizer of metadata.finalizers ?? []) {
    for (const problem of checkQualifiedName(finalizer)) {
      errors.push(invalidValue('metadata.finalizers', finalizer, problem));
    }
  }
  for (const [index, owner] of (metadata.ownerReferences ?? []).entries()) {
    for (const field of ['apiVersion', 'kind', 'name', 'uid'] as const) {
      if (owner[field]) continue;
      errors.push(
        invalidValue(
          `metadata.ownerReferences[${index}].${field}`,
          '',
          `${field === 'apiVersion' ? 'version' : field} must not be empty`,
        ),
      );
    }
  }
  if (old) errors.push(...validateUnchanged(metadata, old.metadata));
  return errors;
}

export function validateLabels(labels: Record<string, string> | undefined, field: string): FieldError[] {
  return Object.entries(labels ?? {}).flatMap(([key, value]) => [
    ...checkQualifiedName(key).map(problem => invalidValue(field, key, problem)),
    ...checkLabelValue(String(value)).map(problem => invalidValue(field, value, problem)),
  ]);
}

export function validateAnnotations(
  annotations: Record<string, string> | undefined,
  field = 'metadata.annotations',
): FieldError[] {
  const errors = Object.keys(annotations ?? {}).flatMap(key =>
    checkQualifiedName(key.toLowerCase()).map(problem => invalidValue(field, key, problem)),
  );
  const size = Object.entries(annotations ?? {}).reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(String(value)),
    0,
  );
  if (size > annotationLimit) {
    errors.push({
      reason: 'FieldValueInvalid',
      field,
      message: `Too long: may not be more than ${annotationLimit} bytes`,
    });
  }
  return errors;
}

function validateUnchanged(metadata: KubeObject['metadata'], old: KubeObject['metadata']): FieldError[] {
  const errors: FieldError[] = [];
  for (const field of ['name', 'namespace', 'uid'] as const) {
    const before = old[field];
    const now = metadata[field];
    if (now !== undefined && before !== undefined && now !== before) {
      errors.push(invalidValue(`metadata.${field}`, now, 'field is immutable'));
    }
  }
  const added = (metadata.finalizers ?? []).filter(one => !(old.finalizers ?? []).includes(one));
  if (old.deletionTimestamp && added.length > 0) {
    const list = `[]string{${added.map(one => JSON.stringify(one)).join(', ')}}`;
    errors.push(
      forbiddenValue(
        'metadata.finalizers',
        `no new finalizers can be added if the object is being deleted, found new finalizers ${list}`,
      ),
    );
  }
  return errors;
}
