import type {Collector} from './findings.ts';

const scheme = 'unix://';

export function isUnixAddress(address: string): boolean {
  return address.startsWith(scheme);
}

/** The path of a Unix domain socket, after `unix://`; a leading `@` makes it an abstract one (Istio: `ValidateUnixAddress`). */
export function validateUnixAddress(address: string, found: Collector): void {
  const path = address.slice(scheme.length);
  if (path === '') found.error('unix address must not be empty');
  else if (!path.startsWith('@') && (!path.startsWith('/') || path.endsWith('/'))) {
    found.error(`${path} is not an absolute path to a file`);
  }
}
