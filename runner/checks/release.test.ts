import {expect, it} from 'vitest';
import type {Kube} from '../engines/kube/kube.ts';
import type {CheckContext} from './context.ts';
import {checkRelease} from './release.ts';

const place = {file: 'lab.md', line: 1};

async function seen(...revisions: (readonly [number, string])[]): Promise<string> {
  const list = async (): Promise<unknown> =>
    revisions.map(([version, status]) => ({metadata: {labels: {version: String(version), status}}}));
  const kube = {list} as Partial<Kube> as Kube;
  const condition = {kind: 'release', name: 'istiod', namespace: 'istio-system', place} as const;
  const result = await checkRelease(condition, {kube} as CheckContext);
  return `${result.verdict}: ${result.seen}`;
}

it('passes only for a release whose last revision is deployed', async () => {
  expect(await seen()).toBe('failed: not there');
  expect(await seen([1, 'deployed'])).toBe('passed: deployed');
  expect(await seen([10, 'deployed'], [9, 'superseded'])).toBe('passed: deployed');
  for (const half of ['pending-install', 'failed', 'uninstalling', 'uninstalled', 'superseded']) {
    expect(await seen([1, half])).toBe(`failed: ${half}`);
  }
  expect(await seen([1, 'superseded'], [2, 'pending-upgrade'])).toBe('failed: pending-upgrade');
});
