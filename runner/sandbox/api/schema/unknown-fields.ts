import {isMap} from '../../json.ts';
import type {KubeObject} from '../../objects.ts';
import type {ResourceType} from '../registry.ts';
import {isScalar, jsonFields, type MessageField, messageNameOf} from './message-fields.ts';
import {type CustomSchema, childPath} from './schema-types.ts';

/** Messages whose JSON form is no object with their fields. */
const opaqueMessages = new Set([
  'meta.v1.Time',
  'meta.v1.MicroTime',
  'meta.v1.Quantity',
  'meta.v1.IntOrString',
  'meta.v1.FieldsV1',
  'meta.v1.RawExtension',
]);

/** Kinds that other kinds contain as a whole, with `apiVersion` and `kind`. */
const embeddedKinds = new Set(['core.v1.PersistentVolumeClaim']);

/** A field that the API doesn't know. */
export interface UnknownField {
  path: string;
  /** What it stands in, and its name there: a path alone can't name every key. */
  holder: Record<string, unknown>;
  name: string;
}

/**
 * All fields that the API doesn't know, in the order and the form of the API server's
 * `unknown field "spec.template.foo"` (list items as `spec.containers[0].foo`).
 * A built-in kind that is not in our table answers none.
 * @param crdSchema the `openAPIV3Schema` of the version, for a custom resource
 */
export function unknownFields(
  type: ResourceType,
  version: string,
  object: KubeObject,
  crdSchema?: CustomSchema,
): UnknownField[] {
  const found: UnknownField[] = [];
  if (type.custom) {
    if (crdSchema) visitCustom(crdSchema, object, '', found, true);
    return found;
  }
  const apiVersion = type.group === '' ? version : `${type.group}/${version}`;
  const message = messageNameOf(apiVersion, object.kind || type.kind);
  if (message) visitMessage(message, object, '', found, true);
  return found;
}

function visitMessage(
  message: string,
  value: unknown,
  path: string,
  found: UnknownField[],
  root = false,
): void {
  if (opaqueMessages.has(message) || !isMap(value)) return;
  const fields = jsonFields(message);
  if (!fields) return;
  for (const [name, child] of Object.entries(value)) {
    if ((root || embeddedKinds.has(message)) && (name === 'apiVersion' || name === 'kind')) continue;
    const field = fields.get(name);
    if (field) visitField(field, child, childPath(path, name), found);
    else found.push({path: childPath(path, name), holder: value, name});
  }
}

function visitField(field: MessageField, value: unknown, path: string, found: UnknownField[]): void {
  if (isScalar(field.type)) return;
  if (field.repeated && Array.isArray(value)) {
    for (const [index, item] of value.entries()) visitMessage(field.type, item, `${path}[${index}]`, found);
  } else if (field.map && isMap(value)) {
    for (const [key, item] of Object.entries(value))
      visitMessage(field.type, item, childPath(path, key), found);
  } else {
    visitMessage(field.type, value, path, found);
  }
}

function visitCustom(
  schema: CustomSchema,
  value: unknown,
  path: string,
  found: UnknownField[],
  resource: boolean,
): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      if (schema.items) visitCustom(schema.items, item, `${path}[${index}]`, found, false);
    }
    return;
  }
  if (!isMap(value)) return;
  const embedded = resource || schema['x-kubernetes-embedded-resource'] === true;
  const additional = schema.additionalProperties;
  for (const [name, child] of Object.entries(value)) {
    const at = childPath(path, name);
    if (embedded && (name === 'apiVersion' || name === 'kind')) continue;
    if (embedded && name === 'metadata') {
      visitMessage('meta.v1.ObjectMeta', child, at, found);
      continue;
    }
    const property = schema.properties?.[name];
    if (property) visitCustom(property, child, at, found, false);
    else if (typeof additional === 'object') visitCustom(additional, child, at, found, false);
    else if (additional !== true && schema['x-kubernetes-preserve-unknown-fields'] !== true) {
      found.push({path: at, holder: value, name});
    }
  }
}
