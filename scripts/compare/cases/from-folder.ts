import {existsSync, readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {parseAllDocuments} from 'yaml';
import type {IstioObject} from '../../../runner/istio/types.ts';
import type {CaseRequest, CompareCase} from './case.ts';

const comparedKinds = ['VirtualService', 'DestinationRule', 'Sidecar', 'ServiceEntry', 'Gateway'];
const users = ['jason', 'john', undefined];

/**
 * A case for each folder with a `manifest.yaml`, or each YAML file, of a folder: its Istio objects, and the calls that
 * Bookinfo's productpage and somebody outside of the cluster would make. A Service reviews gives its port.
 */
export function casesFromFolder(folder: string): CompareCase[] {
  return readdirSync(folder)
    .sort()
    .flatMap(name => {
      const manifest = path.join(folder, name, 'manifest.yaml');
      const file = /\.ya?ml$/.test(name) ? path.join(folder, name) : manifest;
      return existsSync(file) ? caseOf(name, readFileSync(file, 'utf8')) : [];
    });
}

function caseOf(name: string, yaml: string): CompareCase[] {
  const all = parseAllDocuments(yaml)
    .map(document => document.toJS() as IstioObject | null)
    .filter(object => object !== null);
  const objects = all.filter(({kind}) => comparedKinds.includes(kind));
  if (objects.length === 0) return [];
  const others = all.filter(({kind}) => !comparedKinds.includes(kind)).map(({kind}) => kind);
  const reviews = all.find(({kind, metadata}) => kind === 'Service' && metadata.name === 'reviews');
  const port = reviews?.spec?.ports[0];
  return [
    {
      id: others.length > 0 ? `${name} (without ${others.join(', ')})` : name,
      objects,
      requests: objects.some(({kind}) => kind === 'Gateway') ? [...inside, ...throughGateway] : inside,
      options: {sameSecond: true, ...(port ? {reviewsPort: port} : {})},
    },
  ];
}

function asUser(user: string | undefined, request: CaseRequest = {}): CaseRequest {
  return {...request, headers: user ? {'end-user': user} : {}};
}

const inside: CaseRequest[] = [
  ...users.map(user => asUser(user)),
  {host: 'details:9080', path: '/details/0'},
  {host: 'productpage:9080', path: '/productpage'},
  ...users.map(user => asUser(user, {host: 'ratings:9080', path: '/ratings/0'})),
];

const throughGateway: CaseRequest[] = [
  ...['/productpage', '/static/a.css', '/nothing'].map(
    (path): CaseRequest => ({caller: 'ingress', host: 'localhost', path}),
  ),
  {caller: 'ingress', host: 'localhost', path: '/productpage', port: 8080},
];
