import path from 'node:path';
import {readShell} from '../catalog/shell.ts';
import {readIfThere} from './files.ts';

/** What the API server, or a webhook behind it, has against an object of a file. */
export interface Rejection {
  /** `VirtualService reviews`, as far as the answer names it. */
  object?: string;
  /** `spec.http[0].route[0].weight` */
  field?: string;
  what: string;
}

/**
 * Reads in kubectl's errors why an object was refused; undefined where the file is not to blame: what is not there,
 * what one may not do, a cluster that does not answer. The forms are those of
 * https://github.com/kubernetes/apimachinery/blob/master/pkg/api/errors/errors.go (NewInvalid, NewBadRequest),
 * of kubectl's validation, and of admission webhooks' denials.
 */
export function rejectionIn(stderr: string): Rejection | undefined {
  const invalid = /The (\S+) "([^"]+)" is invalid:\s*(?:\* )?([^\n]+)/.exec(stderr);
  if (invalid) {
    const [, kind = '', name = '', said = ''] = invalid;
    return {object: `${kind.split('.')[0]} ${name}`, ...ofField(said)};
  }
  const denied = /admission webhook "[^"]+" denied the request: ([^\n]+)/.exec(stderr)?.[1];
  if (denied) return {what: denied.replace(/^configuration is invalid: /, '')};
  const unknown = /unknown field "([^"]+)"/.exec(stderr)?.[1];
  if (unknown) return {field: unknown, what: 'there is no such field'};
  const kind = /no matches for kind "([^"]+)" in version "([^"]+)"/.exec(stderr);
  if (kind) return {what: `the cluster knows no kind "${kind[1]}" in ${kind[2]}`};
  const unset = /(kind|apiVersion) not set/.exec(stderr)?.[1];
  if (unset) return {field: unset, what: 'it is missing'};
  const bad = /\(BadRequest\): (?:error when \w+ "[^"]+": )?([^\n]+)/.exec(stderr)?.[1];
  return bad ? {what: bad} : undefined;
}

/** `FIELD: Invalid value: VALUE: SENTENCE`, as k8s.io/apimachinery/pkg/util/validation/field writes it. */
function ofField(said: string): Omit<Rejection, 'object'> {
  const [, field, kind = '', rest = ''] =
    /^([\w.[\]"/-]+): (Invalid value|Required value|Unsupported value|Duplicate value|Forbidden|Too long|Too many|Not found)(?:: (.*))?$/.exec(
      said,
    ) ?? [];
  if (!field) return {what: said};
  if (kind === 'Required value') return {field, what: 'it is missing'};
  if (kind === 'Duplicate value') return {field, what: `${rest} stands there twice`};
  const type = /must be of type (\w+): "(\w+)"/.exec(rest);
  if (type) return {field, what: `it must be of type ${type[1]}, and is ${type[2]}`};
  const sentence = /^(?:"(?:[^"\\]|\\.)*"|[^:]*): (.+)$/.exec(rest)?.[1] ?? rest;
  return {field, what: kind === 'Unsupported value' ? `${rest}` : sentence || kind.toLowerCase()};
}

/** A refusal in one sentence, with the line of the field where it can be found in one of the command's files. */
export async function rejectionOf(
  text: string,
  stderr: string,
  workFolder: string,
): Promise<string | undefined> {
  const rejection = rejectionIn(stderr);
  const files = readShell(text).files.filter(name => /\.(ya?ml|json)$/.test(name));
  if (!rejection || files.length === 0) return undefined;
  const {object, field, what} = rejection;
  const named =
    files.find(name => stderr.includes(`"${name}"`)) ?? (files.length === 1 ? files[0] : undefined);
  const line = named && (await lineOf(path.resolve(workFolder, named), rejection));
  const place = [
    ...(named ? [line ? `${named}, line ${line}` : named] : []),
    ...(object ? [object] : []),
    ...(field ? [field] : []),
  ];
  return `${place.join(', ')}: ${what.replace(/[.]$/, '')}.`;
}

async function lineOf(file: string, {object, field}: Rejection): Promise<number | undefined> {
  const content = await readIfThere(file).catch(() => undefined);
  if (content === undefined || !field) return undefined;
  const {parseAllDocuments} = await import('./yaml.ts');
  const [kind, name] = object?.split(' ') ?? [];
  for (const document of parseAllDocuments(content)) {
    const isIt = !object || (document.get('kind') === kind && document.getIn(['metadata', 'name']) === name);
    if (!isIt) continue;
    const way = field.split(/[.[\]]+/).filter(Boolean);
    // The nearest that is there: a field that is missing has a place that it is missing from.
    for (let length = way.length; length > 0; length -= 1) {
      const steps = way.slice(0, length).map(step => (/^\d+$/.test(step) ? Number(step) : step));
      const node: unknown = document.getIn(steps, true);
      const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
      if (Array.isArray(range)) return content.slice(0, Number(range[0])).split('\n').length;
    }
  }
  return undefined;
}
