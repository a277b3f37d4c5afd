import {createHash} from 'node:crypto';

/** `reviews` -> `docker.io/library/reviews:latest`, as container runtimes complete a reference; undefined if malformed. */
export function completeReference(image: string): string | undefined {
  const match = /^(?<path>[^@\s]+?)(?<tag>:[\w][\w.-]{0,127})?(?<digest>@sha256:[0-9a-f]{64})?$/.exec(image);
  const path = match?.groups?.['path'];
  if (!path || !/^[a-z0-9]([a-z0-9._:/-]*[a-z0-9])?$/i.test(path)) return undefined;
  const {tag = '', digest = ''} = match.groups ?? {};
  const [first = '', ...rest] = path.split('/');
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const repository = hasRegistry ? rest.join('/') : path;
  if (repository !== repository.toLowerCase() || repository.includes(':')) return undefined;
  const named = hasRegistry ? path : rest.length > 0 ? `docker.io/${path}` : `docker.io/library/${path}`;
  return `${named}${tag || (digest ? '' : ':latest')}${digest}`;
}

/** What `imageID` shows: the reference by digest. The digest stands for the name, since nothing was downloaded. */
export function imageId(reference: string): string {
  const [repository = ''] = reference.split('@');
  const named = repository.replace(/:[^:/]+$/, '');
  const digest = reference.split('@')[1] ?? `sha256:${createHash('sha256').update(reference).digest('hex')}`;
  return `${named}@${digest}`;
}
