import {isMap} from '../../json.ts';
import type {KubeObject} from '../../objects.ts';
import {type FieldError, requiredValue} from '../validation/field-error.ts';
import {isScalar, jsonFields, type MessageField, messageNameOf} from './message-fields.ts';
import {requiredDetails, requiredTable} from './required-table.ts';
import {childPath} from './schema-types.ts';

/** A kind and the apiVersion that its objects are stored in. */
interface BuiltinKind {
  storedAs: string;
  kind: string;
}

/** Structures that are always there in the API's own types: absent means empty. */
const alwaysThere = new Set(['spec', 'template', 'jobTemplate']);

/** Gives a built-in kind the empty `spec` that an object without one has in Kubernetes, in place. */
export function materialiseSpec(kind: BuiltinKind, object: KubeObject): void {
  const message = messageNameOf(kind.storedAs, kind.kind);
  const spec = message === undefined ? undefined : jsonFields(message)?.get('spec');
  if (spec && jsonFields(spec.type)) object['spec'] ??= {};
}

/**
 * What an object of a built-in kind lacks, in the words of Kubernetes. Nothing where `old` lacks it too: such an
 * object is there from before, and must still be able to be changed and to go.
 */
export function missingFields(
  kind: BuiltinKind,
  object: KubeObject,
  old: KubeObject | undefined,
): FieldError[] {
  const message = messageNameOf(kind.storedAs, kind.kind);
  if (message === undefined) return [];
  const found = visitRoot(message, object);
  if (found.length === 0 || !old) return found;
  const before = new Set(visitRoot(message, old).map(({field}) => field));
  return found.filter(({field}) => !before.has(field));
}

function visitRoot(message: string, object: KubeObject): FieldError[] {
  const {status: _, ...rest} = object;
  const found: FieldError[] = [];
  visit(message, rest, '', found);
  return found;
}

function visit(message: string, value: Record<string, unknown>, path: string, found: FieldError[]): void {
  const fields = jsonFields(message);
  if (!fields) return;
  for (const name of required().get(message) ?? []) {
    const field = fields.get(name);
    if (!field || !isEmpty(value[name])) continue;
    const at = childPath(path, name);
    // An absent structure is an empty one; what it lacks in turn is named. A selector is none.
    if (isStructure(field)) visit(field.type, {}, at, found);
    else found.push(requiredValue(at, requiredDetails[`${message}.${name}`]));
  }
  for (const [name, field] of fields) {
    const child = value[name] ?? (alwaysThere.has(name) && isStructure(field) ? {} : undefined);
    if (child === undefined || isScalar(field.type)) continue;
    const isRequired = required().get(message)?.includes(name);
    if (isRequired && isEmpty(value[name])) continue;
    visitField(field, child, childPath(path, name), found);
  }
}

function visitField(field: MessageField, value: unknown, path: string, found: FieldError[]): void {
  if (field.repeated && Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      if (isMap(item)) visit(field.type, item, `${path}[${index}]`, found);
    }
  } else if (!field.repeated && !field.map && isMap(value)) visit(field.type, value, path, found);
}

function isStructure(field: MessageField): boolean {
  return (
    !field.repeated &&
    !field.map &&
    !isScalar(field.type) &&
    field.type !== 'meta.v1.LabelSelector' &&
    jsonFields(field.type) !== undefined
  );
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
  );
}

let parsed: Map<string, readonly string[]> | undefined;

function required(): Map<string, readonly string[]> {
  if (parsed) return parsed;
  parsed = new Map();
  let prefix = '';
  for (const line of requiredTable.trim().split('\n')) {
    const [message = '', names = ''] = line.split(': ');
    if (names === '') prefix = line.slice('package '.length);
    else parsed.set(`${prefix}.${message}`, names.split(' '));
  }
  return parsed;
}
