import {validateHeaderValue} from 'node:http';
import {describe, expect, it} from 'vitest';
import {warningHeaders} from './warnings.ts';

const read = (headers: readonly string[]) =>
  headers.map(each => Buffer.from(each, 'latin1').toString('utf8'));

describe('warningHeaders', () => {
  it.each([
    ['words of any script', 'unknown field "данные" 東京 😀', '299 - "unknown field \\"данные\\" 東京 😀"'],
    ['a backslash', 'a\\b', '299 - "a\\\\b"'],
    ['lines', 'one\r\ntwo', '299 - "one two"'],
    ['control characters', 'a\u001b[31m\u0000\u009b', '299 - "a\\\\x1b[31m\\\\x00\\\\x9b"'],
    ['half a surrogate pair', 'a\ud83d', '299 - "a\ufffd"'],
  ])('holds %s', (_, text, expected) => {
    const headers = warningHeaders([text]);
    expect(read(headers)).toEqual([expected]);
    for (const header of headers) validateHeaderValue('warning', header);
  });

  it('says each once, and nothing of an empty one', () =>
    expect(warningHeaders(['a', '', 'b', 'a'])).toEqual(['299 - "a"', '299 - "b"']));

  it('cuts each only when all together are too long', () => {
    const long = 'ж'.repeat(4096);
    expect(read(warningHeaders([long]))).toEqual([`299 - "${long}"`]);
    expect(read(warningHeaders([long, 'b']))).toEqual([`299 - "${'ж'.repeat(256)}"`, '299 - "b"']);
    const many = Array.from({length: 100}, (_, index) => `${index} ${long}`);
    expect(warningHeaders(many)).toHaveLength(16);
  });
});
