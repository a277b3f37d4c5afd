import {expect, it} from 'vitest';
import {jsonText, terminalText} from './terminal-text.ts';

const planted = 'a\u001b[31mb\u0007c\u009b2Jd\re\u202ef\u2066g\u007f\th\n';

it('takes out what a terminal acts upon', () => {
  expect(terminalText(planted)).toBe('a[31mbc2Jdefg\th\n');
});

it('escapes it in JSON, which has the same value', () => {
  const line = jsonText({planted});
  expect(JSON.parse(line)).toEqual({planted});
  expect(terminalText(line)).toBe(line);
});
