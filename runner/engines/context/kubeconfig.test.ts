import {mkdtempSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {parse, stringify} from 'yaml';
import {kubeconfigFiles, minifyKubeconfig, writeKubeconfig} from './kubeconfig.ts';

let folder: string;
let files: string[];

function config(names: readonly string[], server: string, current?: string): string {
  return stringify({
    'current-context': current,
    contexts: names.map(name => ({name, context: {cluster: name, user: name}})),
    clusters: names.map(name => ({
      name,
      cluster: {server: `${server}/${name}`, 'certificate-authority': 'ca.crt'},
    })),
    users: names.map(name => ({name, user: {token: `secret-of-${name}`}})),
  });
}

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'iw-kubeconfig-'));
  writeFileSync(path.join(folder, 'ca.crt'), 'the authority');
  writeFileSync(path.join(folder, 'a'), config(['one', 'two'], 'https://a'));
  writeFileSync(path.join(folder, 'b'), config(['two', 'three'], 'https://b', 'three'));
  files = ['a', 'missing', 'b'].map(name => path.join(folder, name));
});
afterAll(() => rmSync(folder, {recursive: true, force: true}));

it('minds only the files of the chosen context', () => {
  const file = path.join(folder, 'leftover');
  writeFileSync(
    file,
    stringify({
      'current-context': 'here',
      contexts: [
        {name: 'here', context: {cluster: 'here', user: 'u'}},
        {name: 'gone', context: {cluster: 'gone', user: 'u'}},
      ],
      clusters: [
        {name: 'here', cluster: {server: 'http://127.0.0.1:8001/'}},
        {
          name: 'gone',
          cluster: {server: 'https://gone', 'certificate-authority': 'of-a-cluster-that-is-gone.crt'},
        },
      ],
      users: [{name: 'u', user: {}}],
    }),
  );
  const {server, text} = minifyKubeconfig([file], undefined);
  expect(server).toBe('http://127.0.0.1:8001');
  // client-node takes HTTP only where certificates are not looked at.
  expect(parse(text).clusters).toEqual([{name: 'here', cluster: {server, 'insecure-skip-tls-verify': true}}]);
  expect(() => minifyKubeconfig([file], 'gone')).toThrow(/of-a-cluster-that-is-gone\.crt/);
});

describe('the copied context', () => {
  it('is the current one, alone, with what lies in files taken in', () => {
    const {name, server, text} = minifyKubeconfig(files, undefined);
    expect([name, server]).toEqual(['three', 'https://b/three']);
    expect(text).not.toContain('secret-of-two');
    const copy = parse(text);
    expect(copy.users).toEqual([{name: 'three', user: {token: 'secret-of-three'}}]);
    expect(copy.clusters[0].cluster).toEqual({
      server: 'https://b/three',
      'certificate-authority-data': Buffer.from('the authority').toString('base64'),
    });
  });

  it('comes from the first of several files that names it, as in kubectl', () => {
    expect(minifyKubeconfig(files, 'two').server).toBe('https://a/two');
  });

  it('that is not there is answered with those that are', () => {
    expect(() => minifyKubeconfig(files, 'four')).toThrow(
      expect.objectContaining({
        code: 'no-context',
        remedies: ['Choose one of: one, two, three (--context NAME)'],
      }),
    );
  });

  it('is kept for this user alone', async () => {
    const file = path.join(folder, 'state', 'kubeconfig');
    await writeKubeconfig(file, minifyKubeconfig(files, 'one'));
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});

it('looks for kubeconfigs where kubectl does', () => {
  const env = {KUBECONFIG: ['/x', '', '/y'].join(path.delimiter)};
  expect(kubeconfigFiles({given: undefined, env, home: '/home/me'})).toEqual(['/x', '/y']);
  expect(kubeconfigFiles({given: undefined, env: {}, home: '/home/me'})).toEqual(['/home/me/.kube/config']);
  expect(kubeconfigFiles({given: '/z', env, home: '/home/me'})).toEqual(['/z']);
});
