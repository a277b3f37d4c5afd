import {ApiError, type Status} from './errors.ts';
import type {ResourceType} from './registry.ts';
import type {FieldError} from './validation/field-error.ts';

/** The answers that clients compare word by word (apimachinery, pkg/api/errors). */

type Named = Pick<ResourceType, 'group' | 'resource' | 'kind'>;

export function qualified(type: Pick<ResourceType, 'group' | 'resource'>): string {
  return type.group === '' ? type.resource : `${type.resource}.${type.group}`;
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, 'BadRequest', message);
}

export function notFound(type: Named, name: string): ApiError {
  return new ApiError(404, 'NotFound', `${qualified(type)} "${name}" not found`, details(type, name));
}

export function alreadyExists(type: Named, name: string): ApiError {
  return new ApiError(
    409,
    'AlreadyExists',
    `${qualified(type)} "${name}" already exists`,
    details(type, name),
  );
}

export function conflict(type: Named, name: string, why?: string): ApiError {
  const reason =
    why ?? 'the object has been modified; please apply your changes to the latest version and try again';
  return new ApiError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(type)} "${name}": ${reason}`,
    details(type, name),
  );
}

export function forbidden(type: Named, name: string, why: string, causes?: FieldCause[]): ApiError {
  return new ApiError(403, 'Forbidden', `${qualified(type)} "${name}" is forbidden: ${why}`, {
    ...details(type, name),
    ...(causes ? {causes} : {}),
  });
}

export function methodNotAllowed(type: Named, verb: string): ApiError {
  return new ApiError(
    405,
    'MethodNotAllowed',
    `${verb} is not supported on resources of kind "${qualified(type)}"`,
    {
      ...(type.group ? {group: type.group} : {}),
      kind: type.resource,
    },
  );
}

export function unsupportedMediaType(accepted: readonly string[]): ApiError {
  return new ApiError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );
}

type FieldCause = NonNullable<NonNullable<Status['details']>['causes']>[number];

/** A 422 from what validation found. @param name may be empty where the object has none yet. */
export function invalid(
  type: Pick<ResourceType, 'group' | 'kind'>,
  name: string,
  errors: readonly FieldError[],
): ApiError {
  const texts = errors.map(error => `${error.field}: ${error.message}`);
  const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  const kind = type.group === '' ? type.kind : `${type.kind}.${type.group}`;
  return new ApiError(422, 'Invalid', `${kind} "${name}" is invalid: ${list}`, {
    name,
    ...(type.group ? {group: type.group} : {}),
    kind: type.kind,
    causes: errors.map(({reason, field, message}) => ({reason, message, field})),
  });
}

function details(type: Named, name: string): Status['details'] {
  return {name, ...(type.group ? {group: type.group} : {}), kind: type.resource};
}
