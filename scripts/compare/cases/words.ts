/** What generated cases are made of: few values, so that configurations and requests meet. */

export const domain = 'svc.cluster.local';
/** Where objects are; the services of most cases are in the first. */
export const namespaces = [
  'bookinfo',
  'bookinfo',
  'bookinfo',
  'bookinfo',
  'bookinfo',
  'other',
  'default',
  'istio-system',
];
export const serviceNames = ['reviews', 'reviews', 'reviews', 'ratings', 'details', 'shop'];
export const wildcardHosts = [
  `*.bookinfo.${domain}`,
  `*.${domain}`,
  `*.other.${domain}`,
  '*.example.com',
  '*.cluster.local',
];
export const users = ['jason', 'Jason', 'jane', 'bob', ''];
export const userPatterns = [
  'ja.*',
  '.*',
  '[a-z]+',
  '(?i)JASON',
  'jas',
  '^jason$',
  'a|jason',
  '.+',
  'j[ae].*n?',
];
export const values = ['1', '2', 'a', 'A', 'abc', ''];
export const valuePatterns = ['.*', '\\d', '[0-9]+', 'a.*', '(a|1)', '[^2]'];
export const paths = [
  ...['/', '/reviews/0', '/reviews/0', '/reviews/1', '/Reviews/0', '/reviews', '/reviews/', '/reviews-x'],
  ...[
    '/api',
    '/api/',
    '/api/v1/x',
    '/apix',
    '/API/v1',
    '/api?debug',
    '/api?ver=2',
    '/api?ver=2&ver=3',
    '/api?ver=',
  ],
  ...['/api?VER=2', '/reviews/0?ver=2', '/static/a%20b', '/a.b', '//api', '/api//x'],
  ...['/api/../reviews/0', '/%72eviews/0', '/api/./v1/x', '/reviews/%2e%2e/api', '/api%2Fv1'],
];
export const pathPatterns = [
  '/reviews/\\d+',
  '.*',
  '/api.*',
  '.*0',
  '/(api|reviews)(/.*)?',
  '/a.*b',
  '(?i)/reviews/.*',
];
