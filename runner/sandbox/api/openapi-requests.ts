import type {ApiRequest, ApiResponse} from './messages.ts';
import {jsonResponse} from './messages.ts';
import {openApiDocument, openApiHash, openApiIndex} from './openapi/documents.ts';
import {openApiVersion2, openApiVersion2Type} from './openapi/version-2.ts';
import type {ServedType} from './served-type.ts';

const year = 365 * 24 * 60 * 60 * 1000;

/** Answers `/openapi/v2`, and `/openapi/v3` with its documents, which clients cache for as long as their hash stays. */
export function openApiResponse(
  request: ApiRequest,
  path: string,
  types: readonly ServedType[],
  now: number,
): ApiResponse | undefined {
  if (path === '/openapi/v2') {
    return {status: 200, headers: {'content-type': openApiVersion2Type}, body: openApiVersion2()};
  }
  if (path !== '/openapi/v3' && !path.startsWith('/openapi/v3/')) return undefined;
  const crds = types.flatMap(type => type.crd ?? []);
  const index = openApiIndex(types, crds);
  const key = path.slice('/openapi/v3/'.length);
  if (key === '') return jsonResponse(200, index);
  const known = index.paths[key];
  if (!known) return undefined;
  const groupVersion = key.replace(/^apis?\//, '');
  const hash = openApiHash(groupVersion, types, crds);
  const asked = /[?&]hash=([^&]*)/.exec(request.url)?.[1];
  if (asked !== undefined && asked !== hash) {
    return {status: 301, headers: {location: known.serverRelativeURL}, body: ''};
  }
  const etag = `"${hash}"`;
  const headers: Record<string, string> = {etag, vary: 'Accept'};
  if (asked !== undefined) {
    headers['cache-control'] = 'public, immutable';
    headers['expires'] = new Date(now + year).toUTCString();
  }
  if (request.headers['if-none-match'] === etag) return {status: 304, headers, body: ''};
  const response = jsonResponse(200, openApiDocument(groupVersion, types, crds));
  return {...response, headers: {...response.headers, ...headers}};
}
