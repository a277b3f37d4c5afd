import {describe, expect, it} from 'vitest';
import {parseExpectation} from './expect.ts';

describe('parseExpectation', () => {
  it.each([
    ['black', {mode: 'each', visitors: {anonymous: 'black', jason: 'black', john: 'black'}}],
    ['jason=black, john=none', {mode: 'each', visitors: {jason: 'black', john: 'none'}}],
    ['none=33%,black=33%,red=33%', {mode: 'mix', shares: {none: 33, black: 33, red: 33}}],
    ['seen:none,red', {mode: 'seen', stars: ['none', 'red']}],
  ])('reads %s', (text, wanted) => {
    expect(parseExpectation(text)).toEqual(wanted);
  });

  it.each([
    '',
    'blue',
    'jason=blue',
    'jason',
    'jason=black,jason=red',
    'none=x%',
    'none=0%',
    'a=b=c',
    'none=30%,jason=black',
  ])('refuses "%s"', text => {
    expect(() => parseExpectation(text)).toThrow('The expectation can not be read');
  });
});
