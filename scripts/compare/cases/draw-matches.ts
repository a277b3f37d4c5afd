import type {HttpMatch, StringMatch} from '../../../runner/istio/types.ts';
import type {Choices} from './random.ts';
import {pathPatterns, paths, userPatterns, users, valuePatterns, values} from './words.ts';

function drawText({one}: Choices, list: readonly string[], patterns: readonly string[]): StringMatch {
  return one([
    () => ({exact: one(list)}),
    () => ({exact: one(list)}),
    () => ({prefix: one(list).slice(0, 2) || 'j'}),
    () => ({regex: one(patterns)}),
    () => ({regex: one(patterns)}),
    () => ({}),
  ])();
}

function drawUri({one, upTo}: Choices): StringMatch {
  const path = one(paths).replace(/\?.*/, '');
  return one<() => StringMatch>([
    () => ({exact: path}),
    () => ({exact: path}),
    () => ({prefix: path.slice(0, 1 + upTo(path.length))}),
    () => ({prefix: one(['/', '/api', '/api/', '/reviews', '/r'])}),
    () => ({regex: one(pathPatterns)}),
  ])();
}

/** One entry of a rule's `match`, never an empty one. */
export function drawMatch(choices: Choices): HttpMatch {
  const {one, chance, maybe} = choices;
  const text = (list: readonly string[], patterns: readonly string[]) => drawText(choices, list, patterns);
  const entry: HttpMatch = {
    ...maybe(0.35, () => ({uri: drawUri(choices)})),
    ...maybe(0.4, () => ({headers: {'end-user': text(users, userPatterns)}})),
    ...maybe(0.12, () => ({headers: {'x-a': text(values, valuePatterns)}})),
    ...maybe(0.12, () => ({withoutHeaders: {[one(['end-user', 'x-a'])]: text(users, userPatterns)}})),
    ...maybe(0.1, () => ({queryParams: {[one(['ver', 'debug'])]: text(['2', '3', ''], valuePatterns)}})),
    ...maybe(0.08, () => ({method: text(['GET', 'POST'], ['G.*', '(GET|PUT)'])})),
    ...maybe(0.05, () => ({authority: text(['reviews', 'reviews:9080'], ['reviews.*', '.*9080'])})),
    ...maybe(0.04, () => ({scheme: {exact: one(['http', 'https'])}})),
    ...maybe(0.12, () => ({port: one([9080, 9080, 80])})),
    ...maybe(0.12, () => ({sourceLabels: drawSourceLabels(choices)})),
    ...maybe(0.08, () => ({sourceNamespace: one(['bookinfo', 'other'])})),
    ...maybe(0.05, () => ({gateways: [one(['mesh', 'gw', 'bookinfo/gw'])]})),
  };
  if (entry.uri && chance(0.2)) entry.ignoreUriCase = true;
  for (const key of ['method', 'authority'] as const) {
    if (Object.keys(entry[key] ?? {}).length === 0) delete entry[key];
  }
  return Object.keys(entry).length > 0 ? entry : {uri: {prefix: '/'}};
}

function drawSourceLabels({one}: Choices): Record<string, string> {
  return one<Record<string, string>>([
    {app: 'productpage'},
    {app: 'client'},
    {version: 'v1'},
    {app: 'productpage', version: 'v9'},
  ]);
}
