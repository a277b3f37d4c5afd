/** A manifest that was changed in one place, and what was done to it. */
export interface Mutation {
  what: string;
  object: any;
}

const replacements: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['a number', 7],
  ['a negative number', -1],
  ['a huge number', 99_999_999_999],
  ['a fraction', 1.5],
  ['a word', 'nonsense'],
  ['nothing', ''],
  ['a star', '*'],
  ['a duration of zero', '0s'],
  ['a half millisecond', '500us'],
  ['a duration', '3s'],
  ['a socket', 'unix:///a/'],
  ['a relative socket', 'unix://a'],
  ['an odd URL', 'ftp://a'],
  ['a flag', true],
  ['an empty list', []],
  ['an empty object', {}],
  ['a long text', 'x'.repeat(3000)],
];

/** Names of fields that stand for choices which exclude another one. */
const rivals: Record<string, unknown> = {
  exact: 'a',
  prefix: 'a',
  regex: 'a',
  simple: 'RANDOM',
  consistentHash: {useSourceIp: true},
  maglev: {tableSize: 5},
  httpHeaderName: 'a',
  httpStatus: 500,
  http2Error: 'a',
  exponentialDelay: '1s',
  derivePort: 'FROM_REQUEST_PORT',
  bytes: 'YQ==',
  targetRef: {kind: 'Service', name: 'a'},
  targetRefs: [{kind: 'Service', name: 'a'}],
  selector: {matchLabels: {a: 'b'}},
  workloadSelector: {labels: {a: 'b'}},
  credentialName: 'a',
  credentialNames: ['a'],
  tlsCertificates: [{}],
  jwks: 'a',
  jwks_uri: 'https://a',
  namespaces: ['a'],
  value: 'a',
  valueFrom: 'HOST',
  operation: 'REMOVE',
  customMetric: 'a',
  literal: {value: 'a'},
  tcpSocket: {port: 1},
  wasm: {url: 'a'},
  cluster: {name: 'a'},
  waypoint: {},
  context: 'WAYPOINT',
  resolution: 'DNS_ROUND_ROBIN',
  provider: {name: 'a'},
  namespace: 'a',
  portLevelMtls: {'70000': {}},
  matchLabels: {'*': 'a', '': 'b'},
  labels: {a: '*'},
  ports: {'-': 0},
};

/** Every place in the spec of a manifest broken in every way that we know, one at a time. */
export function* mutations(manifest: any): Generator<Mutation> {
  for (const path of pathsOf(manifest.spec, ['spec'])) {
    const parent = path.slice(0, -1);
    const last = path.at(-1) as string | number;
    const at = path.join('.');
    for (const [name, value] of replacements) {
      yield {
        what: `${at} = ${name}`,
        object: changed(manifest, parent, one => Object.assign(one, {[last]: value})),
      };
    }
    yield {
      what: `${at} is gone`,
      object: changed(manifest, parent, one => {
        if (Array.isArray(one)) one.splice(Number(last), 1);
        else delete one[last];
      }),
    };
    const here = valueAt(manifest, path);
    if (Array.isArray(here)) {
      yield {what: `${at} twice`, object: changed(manifest, path, one => one.push(...structuredClone(one)))};
    } else if (typeof here === 'object' && here !== null) {
      yield {
        what: `${at} with an unknown field`,
        object: changed(manifest, path, one => Object.assign(one, {unheardOf: 1})),
      };
      for (const [rival, value] of Object.entries(rivals)) {
        yield {
          what: `${at} with ${rival}`,
          object: changed(manifest, path, one => Object.assign(one, {[rival]: structuredClone(value)})),
        };
      }
    }
  }
}

type Path = (string | number)[];

function* pathsOf(value: unknown, path: Path): Generator<Path> {
  yield path;
  if (typeof value !== 'object' || value === null) return;
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  for (const key of keys) yield* pathsOf((value as any)[key], [...path, key]);
}

function valueAt(object: any, path: Path): any {
  return path.reduce((at, key) => at?.[key], object);
}

function changed(manifest: any, path: Path, change: (value: any) => void): any {
  const copy = structuredClone(manifest);
  change(valueAt(copy, path));
  return copy;
}
