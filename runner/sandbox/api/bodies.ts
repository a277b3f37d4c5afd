import {parse as parseYaml, type Tags} from 'yaml';
import {messageOf} from '../../errors.ts';
import {deepestYaml, tooDeepAt} from '../../yaml-depth.ts';
import {badRequest, unsupportedMediaType} from './failures.ts';
import {decodeProtobuf} from './protobuf/envelope.ts';

export const protobufType = 'application/vnd.kubernetes.protobuf';

/**
 * Decodes the body of a create, update or delete; without a Content-Type it is JSON.
 * @returns undefined for an empty body. @throws ApiError 400 or 415.
 */
export function decodeBody(body: Uint8Array | undefined, contentType: string | undefined): any {
  if (!body || body.length === 0) return undefined;
  const type = (contentType ?? 'application/json').split(';')[0]?.trim() ?? '';
  switch (type) {
    case '':
    case 'application/json':
    case '*/*':
      return decodeJson(body);
    case 'application/yaml':
      return decodeYaml(body);
    case protobufType:
      return decodeProtobuf(body);
    default:
      throw unsupportedMediaType(['application/json', 'application/yaml', protobufType]);
  }
}

export function decodeJson(body: Uint8Array): any {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(body).toString('utf8'));
  } catch (error) {
    throw badRequest(`the object provided is unrecognized (must be of type JSON): ${messageOf(error)}`);
  }
  requirePlain(value);
  return value;
}

/** Far more than any kind has, and far less than what a walk through an object can bear. */
const deepest = 500;

/**
 * @throws ApiError 400 for what nests deeper than the API can take (Go's decoder gives up at 10,000), and for a key that
 * would become another prototype wherever an object is copied key by key.
 */
export function requirePlain(value: unknown): void {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepest) throw badRequest('json: exceeded max depth');
    level = level.flatMap(each => {
      if (typeof each !== 'object' || each === null) return [];
      if (Object.hasOwn(each, '__proto__')) throw badRequest('the sandbox takes no key "__proto__"');
      return Object.values(each);
    });
  }
}

/** What JSON knows: dates stay text, as they do in Go. */
const jsonTags = (tags: Tags): Tags =>
  tags.filter(tag => typeof tag === 'string' || !/:(timestamp|binary|set|omap|pairs)$/.test(tag.tag));

/** YAML as Kubernetes reads it, 1.1: `on` and `y` are booleans. JSON is a part of it. */
export function decodeYaml(body: Uint8Array): any {
  const text = Buffer.from(body).toString('utf8');
  let value: unknown;
  try {
    if (text.trimStart().startsWith('{')) value = JSON.parse(text);
    else if (tooDeepAt(text) !== undefined) throw new Error(`exceeded max depth of ${deepestYaml}`);
    else value = parseYaml(text, {version: '1.1', customTags: jsonTags});
  } catch (error) {
    throw badRequest(`error decoding YAML: ${messageOf(error)}`);
  }
  requirePlain(value);
  // Numbers that JSON has not end here.
  return JSON.parse(JSON.stringify(value ?? null));
}
