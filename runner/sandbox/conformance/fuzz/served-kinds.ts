import type {RawClient} from './raw-client.ts';

/** A part of an OpenAPI schema, as far as values are made from it. */
export interface Schema {
  $ref?: string;
  type?: string;
  format?: string;
  allOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  properties?: Readonly<Record<string, Schema>>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  required?: readonly string[];
  enum?: readonly unknown[];
  'x-kubernetes-group-version-kind'?: readonly {group: string; version: string; kind: string}[];
  'x-kubernetes-int-or-string'?: boolean;
}

/** A kind that the server lets clients create, with the schema that it serves for it. */
export interface ServedKind {
  apiVersion: string;
  kind: string;
  namespaced: boolean;
  /** `/apis/apps/v1`. */
  root: string;
  plural: string;
  subresources: readonly string[];
  schema: Schema;
  /** What a `$ref` stands for. */
  resolve(schema: Schema): Schema;
}

/** Every kind that the server serves for writing, in the order of discovery. */
export async function servedKinds(client: RawClient): Promise<readonly ServedKind[]> {
  const get = async (path: string) => JSON.parse((await client.send('GET', path)).text);
  const {groups} = await get('/apis');
  const roots: string[] = ['/api/v1'];
  for (const {versions} of groups) for (const {groupVersion} of versions) roots.push(`/apis/${groupVersion}`);
  const kinds = await Promise.all(roots.map(root => kindsBelow(root, get)));
  return kinds.flat();
}

async function kindsBelow(root: string, get: (path: string) => Promise<any>): Promise<readonly ServedKind[]> {
  const [{groupVersion, resources}, document] = await Promise.all([get(root), get(`/openapi/v3${root}`)]);
  const schemas: Record<string, Schema> = document.components.schemas;
  const resolve = (schema: Schema): Schema => {
    const name = schema.$ref?.split('/').at(-1);
    if (name !== undefined) return resolve(schemas[name] ?? {});
    const [first] = schema.allOf ?? [];
    return first ? {...resolve(first), ...schema} : schema;
  };
  const subresources = (plural: string) =>
    resources
      .filter(({name}: {name: string}) => name.startsWith(`${plural}/`))
      .map(({name}: {name: string}) => name.split('/')[1]);
  return resources
    .filter(({name, verbs}: any) => !name.includes('/') && verbs.includes('create') && verbs.includes('get'))
    .map(({name, kind, namespaced}: any) => ({
      apiVersion: groupVersion,
      kind,
      namespaced,
      root,
      plural: name,
      subresources: subresources(name),
      schema: Object.values(schemas).find(schema => isOf(schema, groupVersion, kind)) ?? {},
      resolve,
    }));
}

function isOf(schema: Schema, groupVersion: string, kind: string): boolean {
  return (schema['x-kubernetes-group-version-kind'] ?? []).some(
    each =>
      each.kind === kind && (each.group ? `${each.group}/${each.version}` : each.version) === groupVersion,
  );
}
