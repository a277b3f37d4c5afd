import type {CustomSchema, ValidationRule} from '../api/schema/schema-types.ts';

/** Short words for the schemas that Istio's kinds are made of. */

export const text: CustomSchema = {type: 'string'};
export const flag: CustomSchema = {type: 'boolean'};
export const int32: CustomSchema = {type: 'integer', format: 'int32'};
/** Protobuf's uint32; the API server checks it by its bounds. */
export const uint32: CustomSchema = {type: 'integer', minimum: 0, maximum: 4_294_967_295};
export const double: CustomSchema = {type: 'number', format: 'double'};
/** Any JSON object. */
export const anything: CustomSchema = {type: 'object', 'x-kubernetes-preserve-unknown-fields': true};

type Fields = Record<string, CustomSchema>;

export function object(properties: Fields, more: CustomSchema = {}): CustomSchema {
  return {type: 'object', properties, ...more};
}

export function list(items: CustomSchema, more: CustomSchema = {}): CustomSchema {
  return {type: 'array', items, ...more};
}

export function map(values: CustomSchema, more: CustomSchema = {}): CustomSchema {
  return {type: 'object', additionalProperties: values, ...more};
}

export const texts = list(text);

/** One of the names of a protobuf enum. */
export function choice(names: string): CustomSchema {
  return {type: 'string', enum: names.split(' ')};
}

export function nullable(schema: CustomSchema): CustomSchema {
  return {...schema, nullable: true};
}

/** A list whose items are known by one field, which no two may share. */
export function keyedList(key: string, items: CustomSchema, more: CustomSchema = {}): CustomSchema {
  return list(items, {'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': [key], ...more});
}

/** The schema part of a protobuf `oneof`: none of the fields, or exactly one. */
export function oneOf(...fields: string[]): CustomSchema {
  const each = fields.map(field => ({required: [field]}));
  return {oneOf: [{not: {anyOf: each}}, ...each]};
}

/** Adds rules to a schema. */
export function withRules(schema: CustomSchema, ...rules: ValidationRule[]): CustomSchema {
  return {...schema, 'x-kubernetes-validations': [...(schema['x-kubernetes-validations'] ?? []), ...rules]};
}

/**
 * At most one of the fields is set. Counted by a sum: an API server estimates the cost of going through a list as too
 * much for a rule within lists, and refuses the whole type.
 */
export function atMostOne(fields: readonly string[], message: string): ValidationRule {
  const sum = fields.map(field => `(has(self.${field}) ? 1 : 0)`).join(' + ');
  return {message, rule: `${sum} <= 1`};
}

/** A Go duration of at least one millisecond, as most of Istio's durations must be. */
export const duration = withRules(text, {
  message: 'must be a valid duration greater than 1ms',
  rule: "duration(self) >= duration('1ms')",
});

/** A port number that is checked to be one. */
export const checkedPort = withRules(uint32, {
  message: 'port must be between 1-65535',
  rule: 'self >= 1 && self <= 65535',
});
