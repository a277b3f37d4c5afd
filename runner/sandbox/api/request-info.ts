/** What a request is about, read off its method and path alone. */
export type RequestInfo =
  | {kind: 'path'; method: string; path: string; query: URLSearchParams}
  | ResourceRequestInfo;

export interface ResourceRequestInfo {
  kind: 'resource';
  method: string;
  path: string;
  query: URLSearchParams;
  verb: Verb;
  group: string;
  version: string;
  resource: string;
  namespace: string | undefined;
  /** Empty for a collection. */
  name: string;
  subresource: string;
}

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';

/** Parses `/api/v1/...` and `/apis/GROUP/VERSION/...`; everything else stays a plain path. */
export function parseRequest(method: string, url: string): RequestInfo {
  const question = url.indexOf('?');
  const path = question < 0 ? url : url.slice(0, question);
  const query = new URLSearchParams(question < 0 ? '' : url.slice(question + 1));
  const plain: RequestInfo = {kind: 'path', method, path, query};
  const parts = decodeParts(path);
  if (!parts) return plain;
  let rest: string[];
  let group = '';
  let version: string;
  if (parts[0] === 'api' && parts.length > 2) [, version = '', ...rest] = parts;
  else if (parts[0] === 'apis' && parts.length > 3) [, group = '', version = '', ...rest] = parts;
  else return plain;

  let namespace: string | undefined;
  if (rest[0] === 'namespaces' && rest.length > 2 && !(rest[2] === 'status' || rest[2] === 'finalize')) {
    namespace = rest[1];
    rest = rest.slice(2);
  }
  const [resource = '', name = '', ...sub] = rest;
  const verb = verbOf(method, name, query);
  if (!verb) return plain;
  return {
    kind: 'resource',
    method,
    path,
    query,
    verb,
    group,
    version,
    resource,
    namespace,
    name,
    subresource: sub.join('/'),
  };
}

function decodeParts(path: string): string[] | undefined {
  try {
    return path
      .split('/')
      .filter(part => part !== '')
      .map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

function verbOf(method: string, name: string, query: URLSearchParams): Verb | undefined {
  switch (method) {
    case 'GET':
    case 'HEAD':
      if (isTrue(query.get('watch'))) return 'watch';
      return name === '' ? 'list' : 'get';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return name === '' ? 'deletecollection' : 'delete';
    default:
      return undefined;
  }
}

/** Query booleans as Kubernetes reads them: present without a value counts as true. */
export function isTrue(value: string | null): boolean {
  return value !== null && value !== 'false' && value !== '0';
}
