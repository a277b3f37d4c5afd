import type {
  CorsPolicy,
  HeaderOperations,
  Headers,
  HttpDestination,
  HttpRoute,
  StringMatch,
} from '../../../runner/istio/types.ts';
import {drawHost} from './draw-hosts.ts';
import {drawMatch} from './draw-matches.ts';
import type {Choices} from './random.ts';

export function drawHeaders({one, chance, maybe}: Choices, share: number): {headers?: Headers} {
  return maybe<{headers: Headers}>(share, () => ({
    headers: chance(0.7)
      ? {
          request: one<HeaderOperations>([
            {set: {'x-added': 'set'}},
            {add: {'x-added': 'added'}},
            {add: {'x-a': 'more'}},
            {set: {'x-a': 'new'}},
            {remove: ['x-a']},
            {set: {host: 'from-header'}},
            {remove: ['end-user'], set: {'x-added': 'both'}},
            {set: {'x-a': 'set'}, add: {'x-a': 'added'}, remove: ['x-a']},
            {add: {'x-added': 'a', 'end-user': 'b'}},
            {set: {Host: 'from-Host'}, remove: ['x-added']},
          ]),
        }
      : {
          response: one<HeaderOperations>([
            {set: {'x-back': 'set'}},
            {add: {'x-back': 'added'}},
            {add: {'x-back': 'added'}, remove: ['x-back']},
          ]),
        },
  }));
}

function drawDestination(choices: Choices, namespace: string): HttpDestination {
  const {one, chance, maybe} = choices;
  return {
    destination: {
      host: chance(0.75) && namespace === 'bookinfo' ? 'reviews' : drawHost(choices, namespace),
      ...maybe(0.75, () => ({subset: one(['v1', 'v2', 'v3', 'v3', 'v9'].slice(0, chance(0.15) ? 5 : 4))})),
      ...maybe(0.1, () => ({port: {number: one([9080, 9080, 80])}})),
    },
    ...drawHeaders(choices, 0.08),
  };
}

function drawRedirect({one, maybe}: Choices): HttpRoute {
  return {
    redirect: {
      ...maybe(0.9, () => ({uri: one(['/new', '/', '/new?x=1'])})),
      ...maybe(0.4, () => ({authority: one(['else', 'else:81'])})),
      ...maybe(0.3, () => ({scheme: 'https'})),
      ...one([{}, {}, {port: 8443}, {derivePort: one(['FROM_REQUEST_PORT', 'FROM_PROTOCOL_DEFAULT'])}]),
      ...maybe(0.3, () => ({redirectCode: one([302, 307, 308])})),
    },
  };
}

function drawRoute(choices: Choices, namespace: string): HttpDestination[] {
  const {one, chance} = choices;
  const count = one([1, 1, 1, 2, 2, 3]);
  const route = Array.from({length: count}, () => drawDestination(choices, namespace));
  if (count > 1) {
    for (const entry of route) entry.weight = one([0, 1, 3, 10, 50, 90, 100]);
    if (route.every(({weight}) => weight === 0) && route[0]) route[0].weight = 5;
  } else if (chance(0.1) && route[0]) route[0].weight = one([0, 100, 7]);
  return route;
}

/** All or nothing: what chance mirrors can't be told from what nobody mirrors. */
function drawMirror(choices: Choices, namespace: string): HttpRoute {
  const {one, chance, maybe} = choices;
  const {destination} = drawDestination(choices, namespace);
  const percentage = maybe(0.3, () => ({value: one([0, 100])}));
  const share = 'value' in percentage ? percentage : undefined;
  if (chance(0.5)) return {mirror: destination, ...(share ? {mirrorPercentage: share} : {})};
  return {mirrors: [{destination, ...(share ? {percentage: share} : {})}]};
}

export const origins = ['http://a.example', 'http://b.example', 'https://a.example:8443'];

function drawCors({one, some, maybe}: Choices): CorsPolicy {
  return {
    allowOrigins: some<StringMatch>(
      [{exact: 'http://a.example'}, {prefix: 'http://'}, {regex: 'https?://a.*'}, {exact: '*'}],
      1,
      2,
    ),
    ...maybe(0.6, () => ({allowMethods: some(['GET', 'POST', 'PUT'], 1, 2)})),
    ...maybe(0.4, () => ({allowHeaders: some(['x-a', 'end-user', 'X-B'], 1, 2)})),
    ...maybe(0.4, () => ({exposeHeaders: some(['x-a', 'x-back'], 1, 2)})),
    ...maybe(0.4, () => ({maxAge: one(['24h', '1s', '90s'])})),
    ...maybe(0.3, () => ({allowCredentials: one([true, false])})),
    ...maybe(0.3, () => ({unmatchedPreflights: one(['FORWARD', 'IGNORE'])})),
  };
}

function drawAction(choices: Choices, namespace: string): HttpRoute {
  const {one, chance, maybe} = choices;
  if (chance(0.08)) return drawRedirect(choices);
  if (chance(0.07)) {
    const status = one([200, 418, 503]);
    return {directResponse: {status, ...maybe(0.6, () => ({body: {string: 'hello'}}))}};
  }
  return {
    route: drawRoute(choices, namespace),
    ...drawHeaders(choices, 0.15),
    ...maybe(0.12, () => ({
      rewrite: one([
        {uri: '/new'},
        {uri: '/'},
        {uri: '/new/'},
        {authority: 'rewritten'},
        {uri: '/both', authority: 'rewritten'},
        {uriRegexRewrite: {match: '/(reviews|api)/(.*)', rewrite: '/\\2/\\1'}},
        {uriRegexRewrite: {match: '[0-9]', rewrite: 'N'}},
        {uriRegexRewrite: {match: '^/(?i:API)(/v[0-9])?', rewrite: '\\0\\1-x'}},
        {uriRegexRewrite: {match: '/*', rewrite: '/$1'}, authority: 'rewritten'},
      ]),
    })),
    ...maybe(0.06, () => drawMirror(choices, namespace)),
    ...maybe(0.06, () => ({corsPolicy: drawCors(choices)})),
    ...maybe(0.06, () => ({
      fault: {
        abort: {
          httpStatus: one([403, 500, 555]),
          ...maybe(0.8, () => ({percentage: {value: one([0, 50, 100, 100])}})),
        },
      },
    })),
  };
}

export function drawRule(choices: Choices, namespace: string, index: number): HttpRoute {
  const matches = choices.one([0, 1, 1, 1, 1, 2, 2, 3]);
  return {
    ...choices.maybe(0.15, () => ({name: `rule${index}`})),
    ...(matches > 0 ? {match: Array.from({length: matches}, () => drawMatch(choices))} : {}),
    ...drawAction(choices, namespace),
  };
}
