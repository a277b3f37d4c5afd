import {describe, expect, it} from 'vitest';
import {customColumns} from '../kubectl/custom-columns.ts';
import {TableWriter} from '../kubectl/table.ts';
import {alignColumns} from './columns.ts';
import {terminalText} from './terminal-text.ts';

const evil = '\u001b[31mred\r\u0007\u009b';
const shown = '^[[31mred\\r^G\\x9b';

describe('text for a terminal', () => {
  it('has its control characters made visible', () =>
    expect(terminalText(`a\t${evil}\n`)).toBe(`a\t${shown}\n`));
  it('leaves words of any script alone', () => expect(terminalText('жук “😀”')).toBe('жук “😀”'));

  it('stands in every table', () => {
    expect(new TableWriter().write([['a', evil]])).toBe(`a     ${shown}\n`);
    expect(alignColumns([['a', evil]])).toBe(`a   ${shown}\n`);
    const columns = customColumns('A:.a');
    expect(columns.print([{a: evil}], {headers: false})).toBe(`${shown}\n`);
  });
});
