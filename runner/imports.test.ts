import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, it} from 'vitest';

const root = path.resolve(import.meta.dirname, '..');

/** What each part may import of the others. The longest matching part owns a file. */
const mayImport: Record<string, readonly string[]> = {
  verify: [],
  'runner/errors.ts': [],
  'runner/version.ts': [],
  'runner/nearest.ts': [],
  'runner/image-reference.ts': [],
  'runner/make-folder.ts': [],
  'runner/map-texts.ts': [],
  'runner/processes.ts': [],
  'runner/redact.ts': ['runner/map-texts.ts'],
  'runner/trim.ts': [],
  'runner/yaml-depth.ts': [],
  'runner/catalog': ['runner/errors.ts', 'runner/istio', 'runner/nearest.ts', 'runner/yaml-depth.ts'],
  'runner/state': ['runner/catalog', 'runner/errors.ts'],
  'runner/istio': ['runner/nearest.ts', 'runner/trim.ts'],
  'runner/sandbox': [
    'verify/file-lock.ts',
    'verify/process-identity.ts',
    'runner/istio',
    'runner/errors.ts',
    'runner/image-reference.ts',
    'runner/trim.ts',
    'runner/version.ts',
    'runner/yaml-depth.ts',
  ],
  'runner/engines': [
    'runner/catalog',
    'runner/errors.ts',
    'runner/image-reference.ts',
    'runner/processes.ts',
    'runner/trim.ts',
    'runner/version.ts',
    'runner/yaml-depth.ts',
    'runner/sandbox/lifecycle',
    'runner/sandbox/pace.ts',
  ],
  'runner/checks': [
    'runner/catalog',
    'runner/engines',
    'runner/errors.ts',
    'runner/istio',
    'runner/make-folder.ts',
    'runner/processes.ts',
    'runner/redact.ts',
    'verify',
  ],
  'runner/doctor': [
    'runner/catalog',
    'runner/engines',
    'runner/errors.ts',
    'runner/image-reference.ts',
    'runner/processes.ts',
    'runner/version.ts',
  ],
  'runner/session': [
    'verify/file-lock.ts',
    'runner/catalog',
    'runner/state',
    'runner/checks',
    'runner/engines',
    'runner/errors.ts',
    'runner/make-folder.ts',
    'runner/processes.ts',
    'runner/redact.ts',
  ],
  'runner/ui': [
    'runner/catalog',
    'runner/state',
    'runner/session',
    'runner/checks',
    'runner/errors.ts',
    'runner/map-texts.ts',
    'runner/version.ts',
  ],
  'runner/events': ['runner/checks', 'runner/redact.ts', 'runner/session', 'verify/file-lock.ts'],
  'runner/probe': [
    'runner/catalog',
    'runner/checks',
    'runner/engines',
    'runner/errors.ts',
    'runner/session',
    'runner/state',
    'verify',
  ],
  'runner/report': [
    'runner/catalog',
    'runner/checks',
    'runner/errors.ts',
    'runner/make-folder.ts',
    'runner/redact.ts',
    'runner/session',
    'runner/state',
    'runner/ui',
  ],
  'runner/cli': ['runner', 'verify'],
  'runner/main.ts': ['runner/cli', 'runner/errors.ts'],
  'runner/testing': ['runner', 'verify'],
};

const parts = Object.keys(mayImport).sort((a, b) => b.length - a.length);

function within(file: string, part: string): boolean {
  return file === part || file.startsWith(`${part}/`);
}

function sourceFiles(folder: string): string[] {
  return readdirSync(path.join(root, folder), {withFileTypes: true, recursive: true})
    .filter(entry => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name))
    .map(entry => path.relative(root, path.join(entry.parentPath, entry.name)));
}

function importsOf(file: string): string[] {
  const text = readFileSync(path.join(root, file), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map(match => match[1] ?? '');
}

const files = [...sourceFiles('runner'), ...sourceFiles('verify')].filter(
  file => !/\/(testing|conformance|contract)(\/|\.ts)/.test(file),
);

describe('imports', () => {
  it('go in one direction only', () => {
    const wrong = files.flatMap(file => {
      const owner = parts.find(part => within(file, part));
      if (!owner)
        return [`${file} belongs to no part: add its folder to the table in runner/imports.test.ts`];
      return importsOf(file)
        .filter(name => name.startsWith('.'))
        .map(name => path.normalize(path.join(path.dirname(file), name)))
        .filter(
          target => !within(target, owner) && !(mayImport[owner] ?? []).some(part => within(target, part)),
        )
        .map(
          target => `${file} imports ${target}, which ${owner} may not: move the code, or change the table`,
        );
    });
    expect(wrong).toEqual([]);
  });

  it('go round in no circle, of types neither', () => {
    const targets = (file: string) =>
      importsOf(file)
        .filter(name => name.startsWith('.'))
        .map(name => path.normalize(path.join(path.dirname(file), name)));
    const done = new Set<string>();
    const circles: string[] = [];
    const walk = (file: string, way: readonly string[]): void => {
      if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file].join(' → '));
      if (way.includes(file) || done.has(file)) return;
      for (const target of targets(file)) walk(target, [...way, file]);
      done.add(file);
    };
    for (const file of files) walk(file, []);
    expect(circles).toEqual([]);
  });

  it('keep ink to the screen, and the environment and processes to their places', () => {
    const rules: {pattern: RegExp; allowed: RegExp; advice: string}[] = [
      {pattern: /from 'ink'|from 'react'/, allowed: /^runner\/ui\/ink\//, advice: 'draw under runner/ui/ink'},
      {
        pattern: /process\.(env|exit\b|exitCode)/,
        allowed:
          /^(runner\/main|runner\/sandbox\/exec\/.*|runner\/sandbox\/main|runner\/sandbox\/tools\/((kubectl|helm)\/main|shared\/process-io)|verify\/(main|temporary-folder))\.ts$/,
        // The sandbox's simulated processes have an environment of their own.
        advice: 'pass it in from the entry point',
      },
      {
        pattern: /from '(node:child_process|execa)'/,
        allowed: /^(runner\/processes|verify\/run-process)\.ts$/,
        advice: 'use the ProcessRunner',
      },
    ];
    const wrong = files.flatMap(file => {
      const text = readFileSync(path.join(root, file), 'utf8');
      return rules
        .filter(({pattern, allowed}) => pattern.test(text) && !allowed.test(file))
        .map(({pattern, advice}) => `${file} has ${pattern}: ${advice}`);
    });
    expect(wrong).toEqual([]);
  });
});
