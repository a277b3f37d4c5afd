import {isScalar, jsonFields, type MessageField} from '../schema/message-fields.ts';
import {describeField, describeMessage, requiredFields} from './descriptions.ts';

type Schema = Record<string, unknown>;

/** `core.v1.Pod` to the name that Kubernetes publishes it under. */
export function schemaName(message: string): string {
  if (message === 'meta.v1.Quantity') return 'io.k8s.apimachinery.pkg.api.resource.Quantity';
  if (message === 'meta.v1.IntOrString') return 'io.k8s.apimachinery.pkg.util.intstr.IntOrString';
  if (message === 'meta.v1.RawExtension') return 'io.k8s.apimachinery.pkg.runtime.RawExtension';
  if (message.startsWith('meta.')) return `io.k8s.apimachinery.pkg.apis.${message}`;
  if (message.startsWith('apiextensions.')) {
    return `io.k8s.apiextensions-apiserver.pkg.apis.${message}`;
  }
  if (message.startsWith('apiregistration.')) return `io.k8s.kube-aggregator.pkg.apis.${message}`;
  return `io.k8s.api.${message}`;
}

/** Messages that are a scalar, or anything at all, in JSON. */
const scalarSchemas: Record<string, Schema> = {
  'meta.v1.Time': {
    type: 'string',
    format: 'date-time',
    description: 'A time in RFC 3339 form, to the second.',
  },
  'meta.v1.MicroTime': {
    type: 'string',
    format: 'date-time',
    description: 'A time in RFC 3339 form, to the microsecond.',
  },
  'meta.v1.Quantity': {
    oneOf: [{type: 'string'}, {type: 'number'}],
    description: 'An amount with an optional suffix, such as 500m, 1.5 or 256Mi.',
  },
  'meta.v1.IntOrString': {
    oneOf: [{type: 'integer'}, {type: 'string'}],
    format: 'int-or-string',
    description: 'A number, or a string such as a port name or a percentage.',
  },
  'meta.v1.FieldsV1': {type: 'object', description: 'A set of fields, in the notation of managed fields.'},
  'meta.v1.RawExtension': {type: 'object', description: 'Any object.'},
};

/** Adds the schema of a message, and of every message it names, to `schemas`. */
export function addMessageSchema(message: string, schemas: Record<string, Schema>): void {
  const name = schemaName(message);
  if (schemas[name]) return;
  const scalar = scalarSchemas[message];
  if (scalar) {
    schemas[name] = scalar;
    return;
  }
  const properties: Record<string, Schema> = {};
  const required = requiredFields(message);
  const schema: Schema = {
    type: 'object',
    description: describeMessage(message),
    properties,
    ...(required.length > 0 ? {required} : {}),
  };
  schemas[name] = schema;
  for (const [fieldName, field] of jsonFields(message) ?? []) {
    if (!isScalar(field.type)) addMessageSchema(field.type, schemas);
    properties[fieldName] = {description: describeField(message, fieldName), ...fieldSchema(field)};
  }
}

function fieldSchema(field: MessageField): Schema {
  const value = valueSchema(field.type);
  if (field.repeated) return {type: 'array', items: value};
  if (field.map) return {type: 'object', additionalProperties: value};
  // A $ref beside a description would hide it, so it is wrapped, as Kubernetes does.
  return '$ref' in value ? {allOf: [value], default: {}} : value;
}

function valueSchema(type: string): Schema {
  switch (type) {
    case 'string':
      return {type: 'string'};
    case 'bool':
      return {type: 'boolean'};
    case 'int32':
    case 'int64':
      return {type: 'integer', format: type};
    case 'bytes':
      return {type: 'string', format: 'byte'};
    case 'double':
      return {type: 'number', format: 'double'};
    case 'json':
      return {type: 'object', 'x-kubernetes-preserve-unknown-fields': true};
    default:
      return {$ref: `#/components/schemas/${schemaName(type)}`};
  }
}
