import type {KubeObject} from '../objects.ts';
import {decodeJson} from './bodies.ts';
import {ApiError} from './errors.ts';
import {badRequest} from './failures.ts';
import {dropNullFields} from './null-fields.ts';
import {misfit, misfitOfMetadata} from './schema/field-types.ts';
import {messageNameOf} from './schema/message-fields.ts';
import {unknownFieldsOf} from './schemas.ts';
import {groupVersion, type ServedType} from './served-type.ts';

export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

/** Reads the query parameter. @throws ApiError 400 for any other value. */
export function fieldValidationOf(value: string | null): FieldValidation {
  if (value === null || value === '') return 'Warn';
  if (value === 'Strict' || value === 'Warn' || value === 'Ignore') return value;
  throw badRequest(
    `invalid field validation: "${value}": Unsupported value: "${value}": supported values: "Ignore", "Strict", "Warn"`,
  );
}

/**
 * Takes the fields that the type does not know out of the object, and says so as the client asked for it.
 * @throws ApiError 400 under `Strict`.
 */
export function checkFields(
  type: ServedType,
  object: KubeObject,
  context: {
    version: string;
    fieldValidation: FieldValidation;
    strictFailure?: StrictFailure;
    warn(text: string): void;
  },
): void {
  const unknown = unknownFieldsOf(type, object);
  dropNullFields(type, object);
  if (unknown.length === 0) return;
  const texts = unknown.map(({path}) => `unknown field "${path}"`);
  if (context.fieldValidation === 'Strict') {
    throw context.strictFailure?.(texts) ?? strictError(type, context.version, texts);
  }
  if (context.fieldValidation === 'Warn') for (const text of texts) context.warn(text);
  for (const {holder, name} of unknown) delete holder[name];
}

/** The 400 that `fieldValidation=Strict` answers. */
export function strictError(type: ServedType, version: string, texts: readonly string[]): Error {
  return badRequest(
    `${type.kind} in version "${version}" cannot be handled as a ${type.kind}: strict decoding error: ${texts.join(', ')}`,
  );
}

/** Makes the answer to a strict decoding error. */
export type StrictFailure = (texts: readonly string[]) => Error;

/**
 * The answer for a patch: it blames the patch, and shows the patched object, or for a strategic merge patch
 * the patch in the notation of Go.
 */
export function patchFailure(contentType: string, body: Uint8Array, patched: KubeObject): StrictFailure {
  return texts => {
    const shown = contentType.includes('strategic') ? goNotation(decodeJson(body)) : JSON.stringify(patched);
    const message = `Invalid value: ${JSON.stringify(shown)}: strict decoding error: ${texts.join(', ')}`;
    return new ApiError(422, 'Invalid', ` "" is invalid: patch: ${message}`, {
      causes: [{reason: 'FieldValueInvalid', message, field: 'patch'}],
    });
  };
}

function goNotation(value: unknown): string {
  if (value === null) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(goNotation).join(' ')}]`;
  if (typeof value !== 'object') return String(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${entries.map(([key, child]) => `${key}:${goNotation(child)}`).join(' ')}]`;
}

/**
 * Refuses values that a field can't hold, such as a text for `replicas`. Of a custom resource only the metadata is
 * looked at: the rest is for its schema. @throws ApiError 400 in the words of the API server's decoder.
 */
export function checkFieldTypes(type: ServedType, version: string, object: KubeObject): void {
  const known = type.custom ? undefined : messageNameOf(groupVersion(type.group, version), type.kind);
  const wrong = known ? misfit(known, object) : misfitOfMetadata(type.kind, object.metadata);
  if (wrong === undefined) return;
  throw badRequest(`${type.kind} in version "${version}" cannot be handled as a ${type.kind}: ${wrong}`);
}

/** Server-side apply needs to know every field it merges. @throws ApiError 400 with the API server's words; it answers 500, though the fault is the client's. */
export function refuseUndeclared(type: ServedType, applied: KubeObject, version: string): void {
  const unknown = unknownFieldsOf(type, applied);
  if (unknown.length === 0) return;
  const {namespace, name} = applied.metadata;
  const where = `${namespace === undefined ? '' : `${namespace}/`}${name}; ${groupVersion(type.group, version)}, Kind=${type.kind}`;
  const fields = unknown.map(({path}) => `.${path}: field not declared in schema`);
  const list = fields.length === 1 ? fields[0] : `errors:\n${fields.map(field => `  ${field}`).join('\n')}`;
  throw new ApiError(400, undefined, `failed to create typed patch object (${where}): ${list}`);
}

/**
 * Refuses a body that is no object of a message, such as the options of a deletion.
 * @param message as `meta.v1.DeleteOptions`
 * @throws ApiError 400
 */
export function checkMessage(message: string, body: unknown): void {
  const [, version = '', kind = ''] = message.split('.');
  const refuse = (why: string) => {
    throw badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${why}`);
  };
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    const found = Array.isArray(body) ? 'array' : typeof body;
    return refuse(
      `json: cannot unmarshal ${found} into Go value of type ${message.split('.').slice(-2).join('.')}`,
    );
  }
  const fields = body as Record<string, unknown>;
  const wrong = misfit(message, fields) ?? misfitOfMetadata(kind, fields['metadata']);
  if (wrong !== undefined) refuse(wrong);
}
