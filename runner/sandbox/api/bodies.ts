import {parse as parseYaml} from 'yaml';
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
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch (error) {
    throw badRequest(`the object provided is unrecognized (must be of type JSON): ${messageOf(error)}`);
  }
}

/** YAML as Kubernetes reads it, 1.1: `on` and `y` are booleans. JSON is a part of it. */
export function decodeYaml(body: Uint8Array): any {
  const text = Buffer.from(body).toString('utf8');
  try {
    if (text.trimStart().startsWith('{')) return JSON.parse(text);
    if (tooDeepAt(text) !== undefined) throw new Error(`exceeded max depth of ${deepestYaml}`);
    return parseYaml(text, {version: '1.1'});
  } catch (error) {
    throw badRequest(`error decoding YAML: ${messageOf(error)}`);
  }
}
