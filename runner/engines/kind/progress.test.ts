import {describe, expect, it} from 'vitest';
import {kindProgress} from './progress.ts';

describe('the progress of kind', () => {
  it('drops the pictures, and says in a silence what it is at and what that usually takes', () => {
    const said: string[] = [];
    let now = 0;
    let tick = (): void => {};
    const progress = kindProgress({
      onProgress: ({text}) => said.push(text),
      now: () => now,
      every(_, callback) {
        tick = callback;
        return () => {};
      },
    });
    progress.output('Creating cluster "a" ...\n • Ensuring node image (kindest/node:v1.34.11) 🖼️');
    progress.output('  ...\n');
    now = 30_000;
    tick();
    progress.output(' ✓ Ensuring node image (kindest/node:v1.34.11) 🖼️\n • Preparing nodes 📦  ...\n');
    now = 32_000;
    tick();
    expect(said).toEqual([
      'Creating cluster "a" ...',
      '• Ensuring node image (kindest/node:v1.34.11) ...',
      'Ensuring node image (kindest/node:v1.34.11): 30 s so far, usually about 1 s',
      '✓ Ensuring node image (kindest/node:v1.34.11)',
      '• Preparing nodes ...',
    ]);
  });

  it('leaves to the explanation what kind says of a failure, and out what it says at the end', () => {
    const said: string[] = [];
    const progress = kindProgress({
      onProgress: ({text}) => said.push(text),
      now: () => 0,
      every: () => () => {},
    });
    progress.output(
      ' ✗ Starting control-plane 🕹️\nERROR: failed to create cluster: x\n\nCommand Output: [init]\n',
    );
    expect(said).toEqual(['✗ Starting control-plane']);
  });
});
