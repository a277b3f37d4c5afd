import {createHash} from 'node:crypto';
import {printYaml} from '../tools/shared/yaml-print.ts';
import type {PackedChart} from './pack.ts';

export interface StaticAnswer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/**
 * A Helm chart repository: give it the path of a GET request below the repository's address and serve what it
 * returns; undefined is a 404. @param options.created when the charts were made, RFC 3339.
 */
export function chartRepository(options: {
  charts: readonly PackedChart[];
  created?: string;
}): (path: string) => StaticAnswer | undefined {
  const created = options.created ?? '2026-01-01T00:00:00Z';
  const entries: Record<string, unknown[]> = {};
  const files = new Map<string, Buffer>();
  for (const {name, version, description, archive} of options.charts) {
    const file = `${name}-${version}.tgz`;
    files.set(file, archive);
    entries[name] = [
      ...(entries[name] ?? []),
      {
        apiVersion: 'v2',
        appVersion: version,
        created,
        description,
        digest: createHash('sha256').update(archive).digest('hex'),
        name,
        type: 'application',
        urls: [file],
        version,
      },
    ];
  }
  const index = Buffer.from(printYaml({apiVersion: 'v1', entries, generated: created}));
  return path => {
    const name = (path.split(/[?#]/)[0] ?? '').split('/').at(-1) ?? '';
    const body = name === 'index.yaml' ? index : files.get(name);
    if (!body) return undefined;
    const type = name === 'index.yaml' ? 'application/yaml' : 'application/gzip';
    return {status: 200, headers: {'content-type': type, 'content-length': String(body.length)}, body};
  };
}
