import {describe, expect, it} from 'vitest';
import {createPaint} from '../paint.ts';
import {labFiles, plain, styledCharacters} from '../testing/lines.ts';
import {diffLine, highlight, shellLine} from './highlight.ts';

const paint = createPaint(true);

/** Each run of characters with its style: `kubectl=command -n=name`. */
function parts(line: string): string {
  const named: Readonly<Record<string, string>> = {
    '': '',
    36: 'command',
    34: 'name',
    32: 'value',
    33: 'variable',
    2: 'quiet',
    31: 'bad',
  };
  const runs: {text: string; style: string}[] = [];
  for (const styled of styledCharacters(line)) {
    const [character = '', ...rest] = styled;
    const style = named[rest.join('')] ?? rest.join('');
    const last = runs.at(-1);
    if (last?.style === style) last.text += character;
    else runs.push({text: character, style});
  }
  return runs.map(({text, style}) => (style === '' ? text : `[${style} ${text}]`)).join('');
}

describe('YAML', () => {
  it.each([
    ['kind: Gateway', '[name kind]: [value Gateway]'],
    ['kind:', '[name kind]:'],
    ['  - name: http', '  - [name name]: [value http]'],
    ['- - a', '- - [value a]'],
    ['- a', '- [value a]'],
    ['# a comment: here', '[quiet # a comment: here]'],
    ['a: b # why', '[name a]: [value b][quiet  # why]'],
    ['a: b#c', '[name a]: [value b#c]'],
    ['---', '[quiet ---]'],
    ['"a: b": c', '[name "a: b"]: [value c]'],
    ["'a': 1", "[name 'a']: [value 1]"],
    ['url: http://a:80/b', '[name url]: [value http://a:80/b]'],
    ['{a: 1}', '{a: 1}'],
    ['just text', 'just text'],
    ['', ''],
  ])('%j is %j', (line, styled) => {
    expect(parts(highlight(line, 'yaml', paint)[0] ?? '')).toBe(styled);
  });
});

describe('shell', () => {
  it.each([
    ['kubectl get pods -n bookinfo', '[command kubectl] get pods [name -n] bookinfo'],
    ['kubectl get pods | grep v1', '[command kubectl] get pods | [command grep] v1'],
    ['a && b || c; d', '[command a] && [command b] || [command c]; [command d]'],
    ['echo "a b" \'c\'', '[command echo] [value "a b"] [value \'c\']'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the shell
    ['echo $HOME ${X:-y}', '[command echo] [variable $HOME] [variable ${X:-y}]'],
    ['ls # all', '[command ls] [quiet # all]'],
    ['ls a#b', '[command ls] a#b'],
    ['# only a comment', '[quiet # only a comment]'],
    ['echo "unfinished', '[command echo] "unfinished'],
    ['echo $', '[command echo] $'],
    ['', ''],
  ])('%j is %j', (line, styled) => {
    expect(parts(shellLine(line, paint))).toBe(styled);
  });
});

describe('diff', () => {
  it.each([
    ['+++ b', '[quiet +++ b]'],
    ['--- a', '[quiet --- a]'],
    ['@@ -1 +1 @@', '[quiet @@ -1 +1 @@]'],
    ['+a', '[value +a]'],
    ['-a', '[bad -a]'],
    [' a', ' a'],
  ])('%j is %j', (line, styled) => {
    expect(parts(diffLine(line, paint))).toBe(styled);
  });
});

describe('highlight', () => {
  const files = labFiles(/(lab\.md|\.yaml)$/);

  it('changes no character of any file of the labs, in any language', () => {
    expect(Object.keys(files).length).toBeGreaterThan(10);
    for (const text of Object.values(files)) {
      const code = text.replace(/\n$/, '');
      for (const language of ['yaml', 'yml', 'sh', 'bash', 'shell', 'diff', 'go', '']) {
        expect(highlight(code, language, paint).map(plain).join('\n')).toBe(code);
      }
    }
  });

  it('leaves text alone where there is no colour, and a language that it does not know', () => {
    expect(highlight('a: 1\n', 'yaml', createPaint(false))).toEqual(['a: 1']);
    expect(highlight('a: 1', 'rust', paint)).toEqual(['a: 1']);
    expect(highlight('', 'yaml', paint)).toEqual(['']);
  });
});
