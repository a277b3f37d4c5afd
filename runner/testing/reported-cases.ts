import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseAllDocuments, stringify} from 'yaml';
import {loadLabs} from '../catalog/catalog.ts';
import type {IstioObject} from '../istio/types.ts';
import {validateConfig} from '../istio/validate/validate-config.ts';
import {BookinfoMesh} from './bookinfo-mesh.ts';

/** Cases that people reported, with what really happens for each visitor; they lie beside the repository. */
const folder = join(import.meta.dirname, '../../../shared/cases');
export const present = existsSync(join(folder, 'README.md'));
/** For the name of what is skipped. */
export const reason = present ? '' : ' (skipped: ../shared/cases is not there)';
const labs = await loadLabs(fileURLToPath(new URL('../../labs', import.meta.url)));

/** Kinds that nothing here simulates, so that nothing is claimed either. */
export const notSimulated = /kind: HTTPRoute/;

export interface Case {
  name: string;
  manifest: string;
  /** `jason`, and what they get. */
  truth: readonly (readonly [who: string, what: string])[];
}

export function readCases(): readonly Case[] {
  if (!present) return [];
  const sections = readFileSync(join(folder, 'README.md'), 'utf8').split(/^## /m).slice(1);
  return sections.flatMap(section => {
    const name = section.slice(0, section.indexOf('\n')).trim();
    const file = join(folder, name, 'manifest.yaml');
    if (!existsSync(file)) return [];
    const rows = [...section.matchAll(/^\| ([^|]+) \| ([^|]+) \|$/gm)].map(
      ([, who = '', what = '']) => [who.trim(), what.trim()] as const,
    );
    return [{name, manifest: readFileSync(file, 'utf8'), truth: rows.filter(([who]) => who !== 'who')}];
  });
}

/** What the API takes of a manifest: Istio's webhook refuses what is not valid, and nobody knows RouteRule. */
function accepted(manifest: string): string {
  return parseAllDocuments(manifest)
    .map(document => document.toJS() as IstioObject | null)
    .filter(object => object !== null)
    .filter(object => object.apiVersion !== 'config.istio.io/v1alpha2')
    .filter(
      object =>
        validateConfig({...object, metadata: {namespace: 'bookinfo', ...object.metadata}}).errors.length ===
        0,
    )
    .map(object => stringify(object))
    .join('---\n');
}

/** For what is said of the gateway where the case brings none of its own. */
const wayIn = `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: front}
spec:
  selector: {istio: ingressgateway}
  servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ['*']}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: front}
spec:
  hosts: ['*']
  gateways: [front]
  http: [{route: [{destination: {host: productpage, port: {number: 9080}}}]}]
`;

/** Bookinfo as lab 3 leaves it, with a case's manifest applied and a way in where it has none of its own. */
export function meshWith(manifest: string): BookinfoMesh {
  return bookinfoWith(manifest, /kind: Gateway/.test(manifest) ? '' : wayIn);
}

/** Bookinfo as lab 3 leaves it, with a gateway's pod and what the API takes of a manifest. */
export function bookinfoWith(manifest: string, before = ''): BookinfoMesh {
  ground ??= solved();
  const mesh = ground.copy();
  mesh.apply(before, 'bookinfo');
  mesh.apply(accepted(manifest), 'bookinfo');
  return mesh;
}

/** Read once: most of a case's time would go into Bookinfo's own manifest. */
let ground: BookinfoMesh | undefined;

function solved(): BookinfoMesh {
  const mesh = new BookinfoMesh();
  const bookinfo = labs.find(({id}) => id === 'deploy-bookinfo');
  if (!bookinfo) throw new Error('the lab is gone');
  mesh.solve(bookinfo);
  mesh.installGateway();
  return mesh;
}
