import type {KubeObject} from '../objects.ts';
import type {FieldError} from './failures.ts';
import type {ServedType} from './served-type.ts';

const annotationLimit = 256 * 1024;

/** What holds for the metadata of every kind. Which names a kind allows is decided with the kind. */
export function validateMetadata(
  type: ServedType,
  object: KubeObject,
  previous: KubeObject | undefined,
): FieldError[] {
  const {metadata} = object;
  const errors: FieldError[] = [];
  if (!metadata.name) {
    errors.push(required('metadata.name', 'name or generateName is required'));
  }
  if (type.namespaced && !metadata.namespace) errors.push(required('metadata.namespace', ''));
  let size = 0;
  for (const [key, value] of Object.entries(metadata.annotations ?? {})) {
    size += Buffer.byteLength(key) + Buffer.byteLength(String(value));
  }
  if (size > annotationLimit) {
    errors.push({
      reason: 'FieldValueInvalid',
      field: 'metadata.annotations',
      message: `Too long: may not be more than ${annotationLimit} bytes`,
    });
  }
  if (previous?.metadata.deletionTimestamp !== undefined) errors.push(...addedFinalizers(metadata, previous));
  return errors;
}

function addedFinalizers(metadata: KubeObject['metadata'], previous: KubeObject): FieldError[] {
  const before = previous.metadata.finalizers ?? [];
  const added = (metadata.finalizers ?? []).filter(each => !before.includes(each));
  if (added.length === 0) return [];
  return [
    {
      reason: 'FieldValueForbidden',
      field: 'metadata.finalizers',
      message: `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{${added
        .map(each => `"${each}"`)
        .join(', ')}}`,
    },
  ];
}

function required(field: string, detail: string): FieldError {
  return {
    reason: 'FieldValueRequired',
    field,
    message: detail ? `Required value: ${detail}` : 'Required value',
  };
}
