/** What the API server, a webhook behind it, or kubectl itself has against an object of a file. */
export interface Rejection {
  /** `VirtualService`, as far as the answer names it. */
  kind?: string;
  name?: string;
  /** `spec.http[0].route[0].weight` */
  field?: string;
  what: string;
}

interface Form {
  pattern: RegExp;
  read(match: RegExpExecArray, stderr: string): Rejection;
}

const missing = 'it is missing';

/**
 * The forms in which a file is refused, as kubectl 1.33 prints them: those of
 * https://github.com/kubernetes/apimachinery/blob/master/pkg/api/errors/errors.go (NewInvalid, NewBadRequest), of
 * kubectl's own reading of files, and of admission webhooks' denials. Where several objects are refused, kubectl words
 * each of them differently than where it is one.
 */
const forms: readonly Form[] = [
  {
    pattern: /(?:The )?([\w.]+) "([^"]+)" is invalid:\s*(\* |\[)?([^\n]+)/,
    read([, kind = '', name = '', mark, said = '']) {
      const first = said.split(
        /, (?=[\w.[\]<>]+: (?:Invalid|Required|Unsupported|Duplicate|Forbidden|Too|Not))/,
      )[0] as string;
      const isWholeList = mark === '[' && first === said;
      return {kind: kind.split('.')[0] ?? kind, name, ...ofField(isWholeList ? said.slice(0, -1) : first)};
    },
  },
  {
    pattern: /admission webhook "[^"]+" denied the request: ([^\n]+)/,
    read: ([, said = '']) => ({what: said.replace(/^configuration is invalid: /, '')}),
  },
  {
    // In answer to a patch the whole object stands before it, as JSON within a string.
    pattern:
      /(?:(\w+) in version "[^"]+" cannot be handled|\\"kind\\":\\"(\w+)\\")[^\n]*strict decoding error: unknown field "([^"]+)"/,
    read: ([, kind = '', patched, field = '']) => ({
      kind: patched ?? kind,
      field,
      what: 'there is no such field',
    }),
  },
  {
    pattern: /no matches for kind "([^"]+)" in version "([^"]+)"/,
    read: ([, kind = '', version]) => ({
      kind,
      field: 'kind',
      what: `the cluster knows no kind "${kind}" in ${version}: it is misspelt, or its definition is not installed`,
    }),
  },
  {pattern: /(kind|apiVersion) not set/, read: ([, field = '']) => ({field, what: missing})},
  {pattern: /invalid object to validate/, read: () => ({what: 'it holds no object of Kubernetes'})},
  {pattern: /no objects passed to/, read: () => ({what: 'it holds no object of Kubernetes'})},
  {
    pattern: /GroupVersionKind: "[^"]*Kind=(\w+)"[\s\S]*resource name may not be empty/,
    read: ([, kind = '']) => ({kind, field: 'metadata.name', what: missing}),
  },
  {pattern: /the path "([^"]+)" does not exist/, read: () => ({what: 'there is no such file'})},
  {
    pattern:
      /(\w+) in version "[^"]+" cannot be handled[^\n]*cannot unmarshal (\w+) into Go struct field \w+\.(\S+) of type (\S+)/,
    read: ([, kind = '', is, field = '', wanted]) => ({
      kind,
      field,
      what: `it must be of type ${wanted}, and is ${is}`,
    }),
  },
  {
    pattern: /\(BadRequest\): (?:error when \w+ "[^"]*": )?([^\n]+)/,
    read: ([, said = '']) => ({what: said}),
  },
];

/**
 * Reads in kubectl's errors why the first object was refused; undefined where the file is not to blame: what is not
 * there, what one may not do, a cluster that does not answer.
 */
export function rejectionIn(stderr: string): Rejection | undefined {
  const found = forms.flatMap(({pattern, read}) => {
    const match = pattern.exec(stderr);
    return match ? [{at: match.index + match[0].length, read: () => read(match, stderr)}] : [];
  });
  return found.toSorted((a, b) => a.at - b.at)[0]?.read();
}

/** `FIELD: Invalid value: VALUE: SENTENCE`, as k8s.io/apimachinery/pkg/util/validation/field writes it. */
function ofField(said: string): Pick<Rejection, 'field' | 'what'> {
  const oneOf = /"([^"]+)" must validate one and only one schema \(oneOf\)\. Found (\S+) valid/.exec(said);
  if (oneOf)
    return {
      field: oneOf[1] ?? '',
      what: oneOf[2] === 'none' ? 'none of its forms is given' : 'only one of its forms may be given',
    };
  const [, field, kind = '', rest = ''] =
    /^([\w.[\]"/-]+): (Invalid value|Required value|Unsupported value|Duplicate value|Forbidden|Too long|Too many|Not found)(?:: (.*))?$/.exec(
      said,
    ) ?? [];
  if (!field) return {what: said};
  if (kind === 'Required value') return {field, what: missing};
  if (kind === 'Duplicate value') return {field, what: `${rest} stands there twice`};
  const type = /must be of type (\w+): "(\w+)"/.exec(rest);
  if (type) return {field, what: `it must be of type ${type[1]}, and is ${type[2]}`};
  const sentence = /^(?:"(?:[^"\\]|\\.)*"|\{.*?\}|\[.*?\]|[^:]*): (.+)$/.exec(rest)?.[1] ?? rest;
  return {field, what: kind === 'Unsupported value' ? rest : sentence || kind.toLowerCase()};
}
