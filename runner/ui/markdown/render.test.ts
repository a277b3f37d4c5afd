import stringWidth from 'fast-string-width';
import {describe, expect, it} from 'vitest';
import {createPaint} from '../paint.ts';
import {expectFits, labFiles, nastyMarkdown, plain, styledCharacters} from '../testing/lines.ts';
import {renderMarkdown} from './render.ts';

const bare = createPaint(false);
const coloured = createPaint(true);

function render(markdown: string, width = 40): string[] {
  return renderMarkdown(markdown, {width, paint: bare});
}

describe('blocks', () => {
  const table: readonly [string, string, readonly string[]][] = [
    ['nothing', '', []],
    ['blank lines', '\n \n\t\n', []],
    ['a paragraph', 'one\ntwo\n', ['one two']],
    ['indented lines of a paragraph', 'one\n   two\n', ['one two']],
    ['two paragraphs', 'one\n\n\n\ntwo', ['one', '', 'two']],
    ['a hard break', 'one  \ntwo', ['one', 'two']],
    ['headings', '# One\n\n### Two\n\nThree\n---', ['One', '', 'Two', '', 'Three']],
    ['a rule', 'a\n\n---\n\nb', ['a', '', '─'.repeat(24), '', 'b']],
    ['a list', '- one\n- two', ['• one', '• two']],
    ['a loose list', '- one\n\n- two', ['• one', '', '• two']],
    ['a numbered list', '3. one\n4. two', ['3. one', '4. two']],
    ['numbers of different lengths', '9. one\n10. two', [' 9. one', '10. two']],
    ['nested lists', '- a\n  - b\n    1. c\n- d', ['• a', '  • b', '    1. c', '• d']],
    [
      'a long item',
      '- Lorem ipsum dolor sit amet, consectetur adipiscing',
      ['• Lorem ipsum dolor sit amet,', '  consectetur adipiscing'],
    ],
    ['code in a list', '- a\n\n  ```\n  b\n  ```', ['• a', '', '    b']],
    ['tasks', '- [ ] open\n- [x] done', ['• ☐ open', '• ☑ done']],
    ['a loose list of tasks', '- [ ] open\n\n- [x] done', ['• ☐ open', '', '• ☑ done']],
    ['code', '```\na\n\n  b\n```', ['  a', '', '    b']],
    ['code with a tab', '```\n\ta\n```', ['          a']],
    ['code that does not end', '```\na', ['  a']],
    ['a quote', '> a\n>\n> b', ['│ a', '│ ', '│ b']],
    ['a quote in a quote', '> a\n>\n> > b', ['│ a', '│ ', '│ │ b']],
    ['a callout', '> [!WARNING]\n> Mind it.\n> - a', ['│ Warning', '│ Mind it.', '│ ', '│ • a']],
    ['a hint', '> [!TIP]\n> Look.', ['│ Hint', '│ Look.']],
    ['a callout in small letters', '> [!note]\n> Look.', ['│ Note', '│ Look.']],
    ['no callout that GitHub knows', '> [!OTHER]\n> Look.', ['│ [!OTHER] Look.']],
    ['CRLF', '# A\r\n\r\n- b\r\n- c\r\n', ['A', '', '• b', '• c']],
    ['a comment alone', '<!-- hidden -->', []],
    ['a comment of several lines', 'a\n\n<!-- hidden\n\nhidden -->\n\nb', ['a', '', 'b']],
    ['a block of HTML', '<p>\nshown <b>bold</b><br>next\n</p>', ['shown bold', 'next']],
  ];

  it.each(table)('%s', (_, markdown, lines) => {
    expect(render(markdown)).toEqual(lines);
  });
});

describe('text within a line', () => {
  const table: readonly [string, string, string][] = [
    ['bold', '**a** and __b__', 'a and b'],
    ['emphasis shows by signs', '*a* and _b_', '*a* and *b*'],
    ['code shows by signs', '`a < b && c`', '`a < b && c`'],
    ['code with an entity', '`&lt;`', '`&lt;`'],
    ['struck out', '~~a~~', '~a~'],
    ['marks inside each other', '***a** b*', '*a b*'],
    ['an escaped mark', '\\*a\\*', '*a*'],
    ['a link', '[Istio](https://istio.io)', 'Istio (https://istio.io)'],
    ['a bare link', '<https://istio.io>', 'https://istio.io'],
    ['a mail address', '<a@example.com>', 'a@example.com'],
    ['a link without words', '[](https://istio.io)', 'https://istio.io'],
    ['a link with an entity', '[a &amp; b](http://c/?d=1&amp;e=2)', 'a & b (http://c/?d=1&e=2)'],
    ['a picture', '![the page](page.png)', '[picture: the page]'],
    ['entities', '&lt;a&gt; &amp; &quot;b&quot; &#39;c&#39;', '<a> & "b" \'c\''],
    ['more entities', '1&hellip;2 &mdash; &rarr; &#x2713; &#233;', '1…2 — → ✓ é'],
    ['what is no entity', '&unknown; &nope AT&T', '&unknown; &nope AT&T'],
    ['a control character by its number', 'a&#27;[31mb&#x9b;1m', 'a[31mb1m'],
    ['a comment', 'a<!-- hidden -->b', 'ab'],
    ['a key', 'press <kbd>q</kbd>', 'press q'],
    ['a tab', 'a\tb', 'a b'],
  ];

  it.each(table)('%s', (_, markdown, line) => {
    expect(render(markdown)).toEqual([line]);
  });

  it('breaks at <br>', () => {
    expect(render('a<br>b<br />c')).toEqual(['a', 'b', 'c']);
  });

  it('is said by colour where there is colour', () => {
    const [line = ''] = renderMarkdown('**a***b*`c`[d](e)', {width: 40, paint: coloured});
    expect(styledCharacters(line)).toEqual(['a1', 'b3', 'c36', 'd', ' ', '(', 'e4', ')']);
  });

  it('keeps a style that lies over another when the line is wrapped', () => {
    const lines = renderMarkdown('**bold `code that goes on` bold again**', {width: 12, paint: coloured});
    expect(lines.map(plain)).toEqual(['bold code', 'that goes on', 'bold again']);
    expectFits(lines, 12);
    expect(styledCharacters(lines[1] ?? '')).toEqual([...'that goes on'].map(each => `${each}1,36`));
    expect(styledCharacters(lines[2] ?? '')).toEqual([...'bold again'].map(each => `${each}1`));
  });

  it('keeps a heading bold behind what is bold in it', () => {
    const [line = ''] = renderMarkdown('## a **b** c', {width: 40, paint: coloured});
    expect(styledCharacters(line).every(each => each.endsWith('1'))).toBe(true);
  });
});

describe('tables', () => {
  it('have columns as wide as they need to be, under a rule', () => {
    expect(render('| lab | what |\n|---|---|\n| 1 | create |\n| 10 | *run* |')).toEqual([
      'lab  what',
      '───  ──────',
      '1    create',
      '10   *run*',
    ]);
  });

  it('align to the right and to the middle', () => {
    expect(render('| a | bbbbb | ccccc |\n|:--|--:|:-:|\n| left | 1 | x |')).toEqual([
      'a     bbbbb  ccccc',
      '────  ─────  ─────',
      'left      1    x',
    ]);
  });

  it('count wide characters by their columns', () => {
    expect(render('| 名前 | v |\n|---|---|\n| 日本語 | 1 |\n| 👍🏽 | 2 |')).toEqual([
      '名前    v',
      '──────  ─',
      '日本語  1',
      '👍🏽      2',
    ]);
  });

  it('wrap the widest column where there is no room', () => {
    const lines = render('| a | b |\n|---|---|\n| one | lorem ipsum dolor sit amet |', 20);
    expect(lines).toEqual(['a    b', '───  ───────────────', 'one  lorem ipsum', '     dolor sit amet']);
  });

  it('become a list where the columns would be too narrow to read', () => {
    const columns = ['one', 'two', 'three', 'four'];
    const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
    const cells = columns.map(name => `the cell of ${name}`);
    const markdown = [row(columns), '|---|---|---|---|', row(cells), row(cells)].join('\n');
    expect(render(markdown, 30)).toEqual([
      ...columns.map(name => `${name}: the cell of ${name}`),
      '',
      ...columns.map(name => `${name}: the cell of ${name}`),
    ]);
  });

  it('fill up rows that have too few cells', () => {
    expect(render('| a | b |\n|---|---|\n| 1 |')).toEqual(['a  b', '─  ─', '1']);
  });
});

describe('code', () => {
  it('is wrapped, with its indentation, and nothing of it is lost', () => {
    const command = `kubectl apply -n bookinfo -f ${'a'.repeat(30)}.yaml --server-side`;
    const lines = render(`\`\`\`sh\n  ${command}\n\`\`\``, 24);
    expect(lines[0]).toBe('    kubectl apply -n');
    expectFits(lines, 24);
    expect(lines.join('').replaceAll(' ', '')).toBe(command.replaceAll(' ', ''));
  });

  it('keeps its colours when it is wrapped', () => {
    const lines = renderMarkdown('```yaml\nname: one two three four\n```', {width: 14, paint: coloured});
    expect(lines.map(plain)).toEqual(['  name: one', '  two three', '  four']);
    expect(styledCharacters(lines[2] ?? '').slice(2)).toEqual([...'four'].map(each => `${each}32`));
  });
});

const labs = labFiles(/lab(\.\w+)?\.md$/);
const corpus: Readonly<Record<string, string>> = {
  ...nastyMarkdown,
  ...Object.fromEntries(
    Object.entries(labs).map(([file, text]) => [file, text.replace(/^---[\s\S]*?---\n/, '')]),
  ),
};

describe('whatever is written', () => {
  it('has every lab in the corpus', () => {
    expect(Object.keys(labs).length).toBeGreaterThanOrEqual(7);
  });

  it.each(Object.entries(corpus))(
    '%s fits into 20 to 120 columns, with and without colour',
    (_, markdown) => {
      for (let width = 20; width <= 120; width += 5) {
        expectFits(renderMarkdown(markdown, {width, paint: coloured}), width);
        const lines = renderMarkdown(markdown, {width, paint: bare});
        expectFits(lines, width);
        expect(lines.join('')).not.toContain('\u001b');
      }
    },
  );

  it.each(Object.entries(corpus))('%s says the same with and without colour', (_, markdown) => {
    // Emphasis and code take signs where there is no colour.
    const words = (lines: readonly string[]): string =>
      lines
        .map(plain)
        .join('')
        .replaceAll(/[\s*`]/g, '');
    const wide = {width: 4000};
    expect(words(renderMarkdown(markdown, {...wide, paint: coloured}))).toBe(
      words(renderMarkdown(markdown, {...wide, paint: bare})),
    );
  });

  it('does not end in a blank line, or begin with one', () => {
    for (const markdown of Object.values(corpus)) {
      const lines = render(markdown, 80);
      expect(lines[0]).not.toBe('');
      expect(lines.at(-1)).not.toBe('');
      expect(lines.every(line => stringWidth(line) <= 80)).toBe(true);
    }
  });
});
