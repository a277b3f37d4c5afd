import {describe, expect, it} from 'vitest';
import {lab} from '../../testing/sample-labs.ts';
import {selectLabs} from './select-labs.ts';

const labs = [
  lab('cluster', 1, {tags: ['install']}),
  lab('mesh', 2, {tags: ['install']}),
  lab('v1', 4, {tags: ['routing']}),
  lab('jason', 6, {tags: ['routing', 'identity']}),
];
const nothing = {named: [], tags: []};

describe('a choice of labs', () => {
  it.each([
    ['nothing is all', nothing, ['cluster', 'mesh', 'v1', 'jason']],
    ['names, in their order', {...nothing, named: ['6', 'v1', '06-jason']}, ['jason', 'v1']],
    ['from one on', {...nothing, from: '4'}, ['v1', 'jason']],
    ['up to one', {...nothing, to: 'mesh'}, ['cluster', 'mesh']],
    ['from one to another', {...nothing, from: '2', to: '4'}, ['mesh', 'v1']],
    ['a tag', {...nothing, tags: ['identity']}, ['jason']],
    ['any of several tags', {...nothing, tags: ['install', 'identity']}, ['cluster', 'mesh', 'jason']],
    ['a tag within a range', {...nothing, from: '2', tags: ['install']}, ['mesh']],
    ['a tag among names', {named: ['1', '6'], tags: ['routing']}, ['jason']],
  ])('%s', (_, choice, ids) => {
    expect(selectLabs(labs, choice)).toEqual(ids);
  });

  it.each([
    ['unknown-lab', {...nothing, from: '9'}],
    ['unknown-tag', {...nothing, tags: ['instal']}],
    ['empty-range', {...nothing, from: '6', to: '2'}],
    ['named-and-range', {...nothing, named: ['1'], to: '2'}],
    ['no-lab-chosen', {...nothing, to: '2', tags: ['routing']}],
  ])('%s is wrong usage', (code, choice) => {
    expect(() => selectLabs(labs, choice)).toThrow(expect.objectContaining({code, exitCode: 2}));
  });

  it('says which tag was meant', () => {
    expect(() => selectLabs(labs, {...nothing, tags: ['instal']})).toThrow(
      expect.objectContaining({remedies: ['write "install"']}),
    );
  });
});
