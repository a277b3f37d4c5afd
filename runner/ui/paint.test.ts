import {describe, expect, it} from 'vitest';
import {createPaint, type Paint} from './paint.ts';
import {styledCharacters} from './testing/lines.ts';

const styles: Readonly<Record<Exclude<keyof Paint, 'colour' | 'stars'>, string>> = {
  good: '32',
  bad: '31',
  waiting: '33',
  quiet: '2',
  title: '1',
  command: '36',
  strong: '1',
  emphasis: '3',
  code: '36',
  link: '4',
  key: '1',
  chosen: '7',
  name: '34',
  value: '32',
};

describe('paint', () => {
  const coloured = createPaint(true);
  const bare = createPaint(false);

  it.each(Object.entries(styles))('draws %s as %s, and without colour not at all', (name, code) => {
    const style = name as keyof typeof styles;
    expect(styledCharacters(coloured[style]('a'))).toEqual([`a${code}`]);
    expect(coloured[style]('')).toBe('');
    expect(bare[style]('a')).toBe('a');
  });

  it.each([
    ['red', '31'],
    ['black', '1'],
    ['none', '2'],
    ['unavailable', '2'],
  ])('draws %s stars as %s', (stars, code) => {
    expect(styledCharacters(coloured.stars('★', stars))).toEqual([`★${code}`]);
    expect(bare.stars('★', stars)).toBe('★');
  });

  it('goes on with a style behind the same style inside it', () => {
    const {title, strong} = coloured;
    expect(styledCharacters(title(`a${strong('b')}c`))).toEqual(['a1', 'b1', 'c1']);
  });
});
