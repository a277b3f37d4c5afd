import {describe, expect, it} from 'vitest';
import {asWritten, inBlock, outside} from '../world/addresses.ts';
import {generate} from './generated.ts';
import {generateGateways} from './generated-gateways.ts';

describe('generated cases', () => {
  it('are the same for the same seed and number', () => {
    expect(generate(7, 3)).toEqual(generate(7, 3));
    expect(generate(7, 3).objects).not.toEqual(generate(8, 3).objects);
    expect(generateGateways(7, 3)).toEqual(generateGateways(7, 3));
  });

  it('name every namespace of their objects, so that both sides put them at the same place', () => {
    const objects = Array.from({length: 50}, (_, number) => generate(7, number)).flatMap(
      each => each.objects,
    );
    expect(objects.filter(({metadata}) => !metadata.namespace)).toEqual([]);
  });
});

describe('addresses', () => {
  it('are translated to the block of a rig, and back', () => {
    const object = {spec: {endpoints: [{address: outside}], bind: '127.0.0.1'}};
    const moved = inBlock(object, 9);
    expect(moved.spec).toEqual({endpoints: [{address: '127.9.99.1'}], bind: '127.0.0.1'});
    expect(JSON.parse(asWritten(JSON.stringify(moved)))).toEqual(object);
  });
});
