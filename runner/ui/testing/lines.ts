import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {stripVTControlCharacters} from 'node:util';
import stringWidth from 'fast-string-width';
import {expect} from 'vitest';
import {noStyles, styleSequence, stylesAfter} from '../text/styles.ts';

/** Text as it is read: without its styles. */
export const plain = stripVTControlCharacters;

/** Fails when a line is wider than `width`, moves the cursor, or leaves a style on behind itself. */
export function expectFits(lines: readonly string[], width: number): void {
  for (const line of lines) {
    if (stringWidth(line) > width) expect.fail(`wider than ${width}: ${JSON.stringify(line)}`);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
    if (/[\u0000-\u001f\u007f-\u009f]/.test(line.replaceAll(styleSequence, '')))
      expect.fail(`not plain text: ${JSON.stringify(line)}`);
    let styles = noStyles;
    for (const [sequence] of line.matchAll(styleSequence)) styles = stylesAfter(styles, sequence);
    if (styles.size > 0) expect.fail(`leaves a style on: ${JSON.stringify(line)}`);
  }
}

/** The styles of each character, so that two texts can be compared that write them differently. */
export function styledCharacters(line: string): string[] {
  let styles = noStyles;
  const found: string[] = [];
  let from = 0;
  const add = (text: string): void => {
    for (const character of text) found.push(`${character}${[...styles.values()].toSorted().join(',')}`);
  };
  for (const match of line.matchAll(styleSequence)) {
    add(line.slice(from, match.index));
    styles = stylesAfter(styles, match[0]);
    from = match.index + match[0].length;
  }
  add(line.slice(from));
  return found;
}

/** The files below `labs/` whose names match, by path, with their text. */
export function labFiles(name: RegExp): Readonly<Record<string, string>> {
  const folder = path.resolve(import.meta.dirname, '../../../labs');
  const files = readdirSync(folder, {recursive: true, encoding: 'utf8'}).filter(file => name.test(file));
  return Object.fromEntries(files.map(file => [file, readFileSync(path.join(folder, file), 'utf8')]));
}

/** Words without a place to break them, marks, wide characters and what no lab should contain. */
export const nastyMarkdown: Readonly<Record<string, string>> = {
  empty: '',
  blank: ' \n\n\t\n',
  'long word': 'x'.repeat(500),
  'long URL': `See https://example.com/${'path/'.repeat(60)}?q=${'a'.repeat(80)} there.`,
  'long link': `[words of a link](https://example.com/${'a'.repeat(200)})`,
  'link without words': '[](https://example.com)',
  'long code span': `\`${'kubectl-get-'.repeat(30)}\` and **${'bold'.repeat(60)}**`,
  'code in bold in a list': `- **all of this is bold \`and this is code\` and it goes on ${'and on '.repeat(20)}**`,
  'bold over a hard break': '**one  \ntwo  \nthree**',
  'wide characters': '日本語のテキストは幅が広い。'.repeat(12),
  emoji: '👩‍👩‍👧‍👦 👍🏽 🇩🇪 ❤️ '.repeat(20),
  'wide table': `| ${Array.from({length: 12}, (_, n) => `column ${n}`).join(' | ')} |\n|${'---|'.repeat(12)}\n| ${Array.from({length: 12}, () => 'cell '.repeat(8)).join(' | ')} |`,
  'table of wide characters': '| 名前 | 値 |\n|:--|--:|\n| 日本語 | 👍🏽👍🏽 |\n| **太字** | `x` |',
  'table with one huge cell': `| a | b |\n|---|---|\n| ${'w'.repeat(300)} | ${'lorem ipsum '.repeat(40)} |`,
  'table without rows': '| a | b |\n|---|---|',
  'deep list': Array.from({length: 14}, (_, depth) => `${'  '.repeat(depth)}- item ${depth}`).join('\n'),
  'deep quote': `${'> '.repeat(16)}at the bottom`,
  'list with code': `1. one\n\n   \`\`\`yaml\n   key: ${'v'.repeat(150)}\n   \`\`\`\n2. two`,
  'numbers of several digits': Array.from({length: 12}, (_, n) => `${n + 95}. entry`).join('\n'),
  callout: `> [!WARNING]\n> ${'Mind the gap. '.repeat(20)}\n>\n> - one\n> - two`,
  'code that is too long': `\`\`\`sh\nkubectl apply -n bookinfo -f ${'a/'.repeat(120)}file.yaml # comment\n\`\`\``,
  'code with tabs': '```go\nfunc main() {\n\tif true {\n\t\treturn\n\t}\n}\n```',
  'code that does not end': '```yaml\na: 1',
  CRLF: '# Title\r\n\r\nOne\r\ntwo.\r\n\r\n- a\r\n- b\r\n\r\n```sh\r\nls\r\n```\r\n',
  tabs: 'a\tb\tc\n\n-\titem\n',
  entities: '&lt;tag&gt; &amp; &quot;q&quot; &#39;s&#39; &hellip; &#x1F600; &nbsp;| &unknown; &#0; &#27;[31m',
  comments: 'before <!-- hidden --> after\n\n<!-- a whole\n\nblock -->\n\nend',
  HTML: '<details><summary>More</summary>inside</details>\n\na<br>b <kbd>Ctrl</kbd>',
  'escape sequences': '\u001b[31mred\u001b[0m \u001b]0;title\u0007 \u009b31m \u0007bell \u001b[2J',
  'every mark':
    '***a** b* ~~c~~ `d` **e `f` g** _h_ ![i](j.png) [k](l "m") <http://n.example>\n\n---\n\n- [ ] o\n- [x] p',
  headings: '# One `code` **bold** rest\n## Two\n###### Six\n\nSetext\n======',
};
