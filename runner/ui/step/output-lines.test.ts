import {describe, expect, it} from 'vitest';
import {createPaint} from '../paint.ts';
import {expectFits, plain, styledCharacters} from '../testing/lines.ts';
import {foldedOutput, outputLines} from './output-lines.ts';

const paint = createPaint(false);
const red = (text: string): string => `\u001b[31m${text}\u001b[0m`;

describe('what a command printed', () => {
  const table: readonly [string, string, readonly string[]][] = [
    ['nothing', '', ['']],
    ['a line', 'a\n', ['a']],
    ['a line without an end', 'a', ['a']],
    ['empty lines', 'a\n\nb\n', ['a', '', 'b']],
    ['indentation', '  a\n    b\n', ['  a', '    b']],
    ['CRLF', 'a\r\nb\r\n', ['a', 'b']],
    ['a progress bar', '10%\r50%\r100%\n', ['100%']],
    ['a progress bar that goes on', '10%\r50%\r', ['50%']],
    ['carriage returns alone', '\r\r\n', ['']],
    ['tabs', 'NAME\tREADY\n', ['NAME    READY']],
    ['a table of kubectl with tabs', 'a\tb\nlonger-name\tc\n', ['a       b', 'longer-name     c']],
    ['a moved cursor', '\u001b[2K\u001b[1Gdone\u001b[1A\n', ['done']],
    ['a cleared screen', '\u001b[2J\u001b[Hdone\n', ['done']],
    ['an alternate screen', '\u001b[?1049hdone\u001b[?25l\n', ['done']],
    ['a title of the window', '\u001b]0;title\u0007done\n', ['done']],
    ['a link', '\u001b]8;;https://istio.io\u0007Istio\u001b]8;;\u0007\n', ['Istio']],
    ['a bell and a backspace', 'a\u0007b\u0008c\n', ['abc']],
    ['eight-bit sequences', '\u009b2Jdone\n', ['done']],
    ['wide characters', '日本語\n', ['日本語']],
  ];

  it.each(table)('%s', (_, output, lines) => {
    expect(outputLines(output, 40)).toEqual(lines);
  });

  it('keeps its colours, line by line', () => {
    const lines = outputLines(`${red('error:')} no\n\u001b[32mgreen\nstill green\u001b[0m plain\n`, 40);
    expect(lines.map(plain)).toEqual(['error: no', 'green', 'still green plain']);
    expectFits(lines, 40);
    expect(styledCharacters(lines[0] ?? '')[0]).toBe('e31');
    expect(styledCharacters(lines[0] ?? '').at(-1)).toBe('o');
    expect(styledCharacters(lines[2] ?? '')[0]).toBe('s32');
    expect(styledCharacters(lines[2] ?? '').at(-1)).toBe('n');
  });

  it('keeps colours of every kind, over a wrap too', () => {
    const lines = outputLines('\u001b[1;38;5;208mone two\u001b[0m \u001b[48;2;1;2;3mthree\u001b[0m', 5);
    expect(lines.map(plain)).toEqual(['one', 'two', 'three']);
    expect(styledCharacters(lines[1] ?? '')[0]).toBe('t1,38;5;208');
    expect(styledCharacters(lines[2] ?? '')[0]).toBe('t48;2;1;2;3');
  });

  it('is wrapped between words, and within what has none', () => {
    expect(outputLines('lorem ipsum dolor', 11)).toEqual(['lorem ipsum', 'dolor']);
    expect(outputLines('x'.repeat(25), 10)).toEqual(['x'.repeat(10), 'x'.repeat(10), 'xxxxx']);
    expect(outputLines('日本語日本語', 5)).toEqual(['日本', '語日', '本語']);
  });

  it('fits whatever comes', () => {
    const nasty = [
      '👩‍👩‍👧‍👦'.repeat(30),
      red('x'.repeat(300)),
      '\t\t\ta\tb',
      '\u001b[',
      '\u001b[31',
      'e\u0301'.repeat(90),
    ];
    for (let width = 4; width < 120; width += 7) expectFits(outputLines(nasty.join('\n'), width), width);
  });
});

describe('folding', () => {
  const numbers = (from: number, to: number): string[] =>
    Array.from({length: to - from + 1}, (_, index) => String(from + index));
  const fold = (output: string, running = false, width = 40): readonly string[] =>
    foldedOutput(output, {width, running, paint, fold: true});

  it('shows some hundred lines of a flood where nothing else needs the room', () => {
    const output = numbers(1, 25_000).join('\n');
    const lines = foldedOutput(output, {width: 40, running: false, paint, fold: false});
    expect(lines).toHaveLength(401);
    expect(lines[100]).toBe('… 24600 more lines …');
    expect(lines.at(-1)).toBe('25000');
    const whole = numbers(1, 500).join('\n');
    expect(foldedOutput(whole, {width: 40, running: false, paint, fold: false})).toEqual(numbers(1, 500));
  });

  it.each([1, 4, 12])('leaves %i lines as they are, whether or not there may be more', length => {
    const output = `${numbers(1, length).join('\n')}\n`;
    expect(fold(output)).toEqual(numbers(1, length));
    expect(fold(output, true)).toEqual(numbers(1, length));
  });

  it('shows the beginning and the end of what is over, and says how much lies between', () => {
    expect(fold(numbers(1, 13).join('\n'))).toEqual([
      ...numbers(1, 4),
      '… 3 more lines: f unfolds …',
      ...numbers(8, 13),
    ]);
    expect(fold(numbers(1, 1000).join('\n'))[4]).toBe('… 990 more lines: f unfolds …');
  });

  it('shows the end of what runs, and says how much lies above', () => {
    expect(fold(`${numbers(1, 30).join('\n')}\n`, true)).toEqual(['… 19 lines above …', ...numbers(20, 30)]);
  });

  it('folds a single line that is too long to show', () => {
    const shown = fold('x'.repeat(2000));
    expect(shown).toHaveLength(11);
    expect(shown[4]).toBe('… more: f unfolds …');
    expect(fold('x'.repeat(2000), true)[0]).toBe('… more above …');
  });

  it('ends a long line with its end', () => {
    const line = `begin${'x'.repeat(200_000)}end`;
    const shown = fold(line);
    expect(shown[0]).toMatch(/^beginx/);
    expect(shown.at(-1)).toMatch(/xend$/);
    expect(fold(line, true).at(-1)).toMatch(/xend$/);
    expect(fold(`${'x'.repeat(100_000)}\r${'y'.repeat(100_000)}`).join('')).not.toContain('x');
  });

  it('lays out what is shown alone, however much there is', () => {
    let looked = 0;
    const segments = Intl.Segmenter.prototype.segment;
    // Every character that is looked at passes here when it is not plain ASCII.
    Intl.Segmenter.prototype.segment = function segment(text: string) {
      looked += text.length;
      return segments.call(this, text);
    };
    try {
      for (const running of [false, true]) {
        for (const output of ['ä'.repeat(200_000), 'ä\n'.repeat(100_000)]) {
          looked = 0;
          const shown = foldedOutput(output, {width: 80, running, paint, fold: true});
          expect(shown.length).toBeLessThanOrEqual(12);
          expect(looked).toBeLessThan(50_000);
        }
      }
    } finally {
      Intl.Segmenter.prototype.segment = segments;
    }
  });
});
