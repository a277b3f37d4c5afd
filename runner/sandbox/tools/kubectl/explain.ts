import {groupVersionOf} from '../shared/discovery.ts';
import {ToolError} from '../shared/io.ts';
import type {Command} from './command.ts';
import {resourceOf} from './selection.ts';

function resolver(schemas: Record<string, any>): (schema: any) => any {
  const follow = (schema: any): any => {
    const reference = schema?.$ref ?? (schema?.allOf?.length === 1 ? schema.allOf[0].$ref : undefined);
    if (!reference) return schema;
    const target = schemas[reference.replace('#/components/schemas/', '')];
    return {
      ...follow(target),
      ...(schema.description ? {description: schema.description} : {}),
      $name: reference.split('/').at(-1),
    };
  };
  return follow;
}

function typeName(schema: any, follow: (schema: any) => any): string {
  const resolved = follow(schema) ?? {};
  if (resolved.type === 'array') return `[]${typeName(resolved.items, follow)}`;
  if (resolved.additionalProperties && !resolved.properties)
    return `map[string]${typeName(resolved.additionalProperties, follow)}`;
  if (resolved.$name && resolved.type !== 'string') return resolved.$name.split('.').at(-1);
  if (resolved['x-kubernetes-int-or-string'] || resolved.format === 'int-or-string') return 'IntOrString';
  return resolved.type === 'object' || resolved.properties ? 'Object' : (resolved.type ?? 'Object');
}

/** The schema that has the fields: through lists and maps. */
function inside(schema: any, follow: (schema: any) => any): any {
  const resolved = follow(schema) ?? {};
  if (resolved.type === 'array') return inside(resolved.items, follow);
  if (resolved.additionalProperties && !resolved.properties)
    return inside(resolved.additionalProperties, follow);
  return resolved;
}

function wrap(text: string, indent: string): string {
  return text
    .split('\n')
    .flatMap(paragraph => {
      const lines: string[] = [''];
      for (const word of paragraph.split(' ')) {
        const line = lines.at(-1) as string;
        if (line !== '' && indent.length + line.length + 1 + word.length > 80) lines.push(word);
        else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
      }
      return lines;
    })
    .map(line => `${indent}${line}\n`)
    .join('');
}

function fieldLines(
  schema: any,
  follow: (schema: any) => any,
  indent: string,
  recursive: boolean,
  seen: readonly any[],
): string {
  const {properties = {}, required = []} = schema;
  return Object.keys(properties)
    .sort()
    .map(name => {
      const field = follow(properties[name]);
      const line = `${indent}${name}\t<${typeName(properties[name], follow)}>${required.includes(name) ? ' -required-' : ''}\n`;
      const values = field?.enum ? `${indent}enum: ${field.enum.join(', ')}\n` : '';
      if (recursive) {
        const below = inside(properties[name], follow);
        return (
          line +
          values +
          (below.properties && !seen.includes(below.properties)
            ? fieldLines(below, follow, `${indent}  `, true, [...seen, below.properties])
            : '')
        );
      }
      return `${line}${values}${wrap(field?.description || '<no description>', `${indent}  `)}\n`;
    })
    .join('');
}

export const explain: Command = {
  name: 'explain',
  short: 'Get documentation for a resource.',
  usage:
    'kubectl explain TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group] [-o|--output=plaintext|plaintext-openapiv2] [options]',
  flags: [
    {name: 'recursive', type: 'bool', usage: 'When true, print the name of all the fields recursively.'},
    {name: 'api-version', type: 'string', usage: 'Not supported by the built-in kubectl.'},
    {
      name: 'output',
      short: 'o',
      type: 'string',
      default: 'plaintext',
      usage: 'Format in which to render the schema.',
    },
  ],
  async run({io, session, flags, args}) {
    const [path] = args;
    if (path === undefined)
      throw new ToolError(
        'error: You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.',
      );
    const [word = '', ...fields] = path.split('.');
    const type = await resourceOf(session, word);
    const client = await session.client();
    const key = type.group === '' ? `api/${type.version}` : `apis/${groupVersionOf(type)}`;
    const index = await client.json({path: '/openapi/v3'});
    const address = index.paths?.[key]?.serverRelativeURL;
    if (!address)
      throw new ToolError(
        `error: couldn't find resource for "${groupVersionOf(type)}, Resource=${type.resource}"`,
      );
    const [documentPath = '', hash] = address.split('?hash=');
    const document = await client.json({path: documentPath, query: {hash: hash && decodeURIComponent(hash)}});
    const schemas: Record<string, any> = document.components?.schemas ?? {};
    const follow = resolver(schemas);
    const root = Object.values(schemas).find(schema =>
      schema['x-kubernetes-group-version-kind']?.some(
        (gvk: any) => gvk.kind === type.kind && gvk.group === type.group && gvk.version === type.version,
      ),
    );
    if (!root)
      throw new ToolError(
        `error: GVR (${groupVersionOf(type)}, Resource=${type.resource}) not found in OpenAPI schema`,
      );
    let schema = follow(root);
    let field: any;
    for (const name of fields) {
      field = inside(schema, follow).properties?.[name];
      if (!field) throw new ToolError(`error: field "${name}" does not exist`);
      schema = field;
    }
    const body = inside(schema, follow);
    io.out(
      `${type.group === '' ? '' : `GROUP:      ${type.group}\n`}KIND:       ${type.kind}\nVERSION:    ${type.version}\n\n`,
    );
    if (field) io.out(`FIELD: ${fields.at(-1)} <${typeName(field, follow)}>\n\n\n`);
    const description = [
      follow(schema)?.description,
      ...(field && body !== schema && body.description ? [body.description] : []),
    ].filter(Boolean);
    io.out(
      `DESCRIPTION:\n${description.length > 0 ? description.map(text => wrap(text, '    ')).join('') : '    <empty>\n'}    \n`,
    );
    if (body.properties) io.out(`FIELDS:\n${fieldLines(body, follow, '  ', flags.bool('recursive'), [])}`);
    io.out('\n');
  },
};
