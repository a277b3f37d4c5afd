import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {WorkshopError} from '../errors.ts';
import {compileLabs, lintLabs, loadLabs} from './catalog.ts';
import {readCompiledLabs} from './compiled.ts';
import {formatProblem} from './problem.ts';

let directory: string;

beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'labs-')), 'labs');
  await mkdir(directory);
});
afterEach(() => rm(dirname(directory), {recursive: true}));

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(directory, name)), {recursive: true});
    await writeFile(join(directory, name), content);
  }
}

async function lint(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  await write(files);
  return (await lintLabs(directory)).map(formatProblem);
}

const fence = '```';
const command = (text: string, attributes = '') => `${fence}sh${attributes}\n${text}\n${fence}\n\n`;
const tips = '> [!TIP]\n> One.\n\n> [!TIP]\n> Two.\n\n';
const check = `${fence}yaml check\n- stars: black\n${fence}\n\n`;

/** A correct lab; `more` goes into the front matter, `body` into its only step. */
function lab(id: string, {more = '', body = command('kubectl get pods')} = {}): string {
  const front = `---\nformat: 1\nid: ${id}\ntitle: T\nsummary: S\nminutes: 1\n${more}---\n`;
  return `${front}\n## Step\n\n${body}${check}${tips}## Undo\n\n${command('kubectl get pods', ' reset')}`;
}

describe('lintLabs', () => {
  it('has nothing to say about a correct lab, and knows its broken manifests', async () => {
    await write({
      '01-a/lab.md': lab('a', {body: command('kubectl apply -f a.yaml')}),
      '01-a/manifests/a.yaml': 'a: 1\n',
      '01-a/broken/b.yaml': '# cause: header-value\n# mistake: a capital\n# instead of: a.yaml\na: 2\n',
    });
    expect(await lintLabs(directory)).toEqual([]);
    expect((await loadLabs(directory))[0]).toMatchObject({
      number: 1,
      id: 'a',
      folder: '01-a',
      manifests: [{name: 'a.yaml', content: 'a: 1\n'}],
      broken: [{file: 'labs/01-a/broken/b.yaml', cause: 'header-value', insteadOf: 'a.yaml'}],
    });
  });

  it('reports what can not be read as a problem of that file, beside all others', async () => {
    const levels = [...'bcdefghi'].map((name, index) => {
      const aliases = Array(9).fill(`*${'abcdefghi'[index]}`);
      return `${name}: &${name} [${aliases.join(',')}]`;
    });
    const bomb = `a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]\n${levels.join('\n')}\n`;
    const body = command('kubectl apply -f bomb.yaml -f deep.yaml');
    const deep = (open: string) => open.repeat(20_000);
    const problems = await lint({
      '01-a/lab.md': lab('a', {body}),
      '01-a/manifests/bomb.yaml': bomb,
      '01-a/manifests/deep.yaml': `a:\n  b: ${deep('[')}`,
      '01-a/broken/b.yaml': `# cause: header-value\n# mistake: too deep\n${deep('- ')}`,
      '02-b/lab.md': lab('b', {more: bomb}),
      '03-c/lab.md': `${lab('c')}\n${deep('> ')}x\n`,
      '04-d/lab.md': 'nothing',
    });
    const unread = /unfold without end|levels deep|can't be read/;
    expect(problems.filter(problem => unread.test(problem)).map(problem => problem.split('  ')[0])).toEqual([
      'labs/01-a/broken/b.yaml:3',
      'labs/01-a/manifests/bomb.yaml:1',
      'labs/01-a/manifests/deep.yaml:2',
      'labs/02-b/lab.md:2',
      'labs/03-c/lab.md:1',
    ]);
    expect(problems.some(problem => problem.startsWith('labs/04-d/lab.md'))).toBe(true);
  });

  it('reports what a page lacks', async () => {
    expect(
      await lint({
        '01-a/lab.md': `---\nformat: 1\nid: a\ntitle: T\nsummary: S\nminutes: 1\n---\n\n## One\n\nProse.\n\n## Two\n\n${check}${check}`,
      }),
    ).toEqual([
      'labs/01-a/lab.md:1  the lab has fewer than two hints; add a nudge and a pointer as > [!TIP]',
      'labs/01-a/lab.md:1  the lab has no reset; add a ```sh reset fence that undoes what the lab did',
      'labs/01-a/lab.md:9  the step "One" has neither a command nor a file nor a check; add one, or move the text to the step before',
      'labs/01-a/lab.md:15  the step "Two" has a check and no hint; add a > [!TIP] below the check',
      'labs/01-a/lab.md:19  a step has one check; merge the two, or begin a new step',
    ]);
  });

  it.each([
    ['cd somewhere', '"cd" has no effect'],
    ['FOO=1 export FOO', '"export" has no effect'],
    ['kubectl get pods | less', '"less" waits for a terminal'],
    ['kubectl edit pod a', '"kubectl edit" opens an editor'],
    ['kubectl exec -it a -- sh', 'waits for input'],
    ['kubectl get pods -w', '"kubectl get" never ends by itself'],
    ['kubectl port-forward svc/a 1:1', 'never ends by itself; write ```sh background'],
    ['kubectl apply -f missing.yaml', 'the file "missing.yaml" is never written'],
    ['kubectl apply -f ../a.yaml', 'the path "../a.yaml" leaves the work folder'],
    ['kubectl apply -f https://example.com/a.yaml', 'is fetched from the network'],
  ])('refuses the command %s', async (text, message) => {
    const problems = await lint({'01-a/lab.md': lab('a', {body: command(text)})});
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(message);
    expect(problems[0]).toMatch(/^labs\/01-a\/lab\.md:12 /);
  });

  it('wants a file on every engine of the command that uses it', async () => {
    const file = `${fence}yaml file=k.yaml engine=kind\na: 1\n${fence}\n\n`;
    const body = file + command('kubectl apply -f k.yaml');
    expect((await lint({'01-a/lab.md': lab('a', {body})})).join()).toContain('"k.yaml" is never written');
    const narrow = file + command('kubectl apply -f k.yaml', ' engine=kind');
    expect(await lint({'01-a/lab.md': lab('a', {body: narrow})})).toEqual([]);
  });

  it('checks excerpts word for word', async () => {
    const body = `${fence}yaml excerpt=a.yaml\nb: 3\n${fence}\n\n${command('kubectl apply -f a.yaml')}`;
    const files = {'01-a/lab.md': lab('a', {body}), '01-a/manifests/a.yaml': 'a: 1\nb: 2\n'};
    expect((await lint(files)).join()).toContain('the excerpt is not in "a.yaml" word for word');
    expect(await lint({...files, '01-a/manifests/a.yaml': 'a: 1\nb: 3\n'})).toEqual([]);
  });

  it('reports what does not fit between labs', async () => {
    expect(
      await lint({
        '01-a/lab.md': lab('a', {more: 'needs: [b]\n'}),
        '02-b/lab.md': lab('b', {more: 'needs: [a]\nreplaces: [aa]\n'}),
        '02-c/lab.md': lab('b', {more: 'manifests: [a/x.yaml]\n'}),
        'no-number/lab.md': lab('d'),
        '03-empty/notes.md': '',
      }),
    ).toEqual([
      'labs/01-a/lab.md:7  the lab needs itself: a -> b -> a; take one of these needs away',
      'labs/02-b/lab.md:7  the lab needs itself: b -> a -> b; take one of these needs away',
      'labs/02-b/lab.md:8  there is no lab "aa"; write "a"',
      'labs/02-c:1  the number 2 is that of labs/02-b too; rename one of the two folders',
      'labs/02-c/lab.md:3  the id "b" is that of labs/02-b too; choose another; progress is kept by it',
      'labs/02-c/lab.md:7  the lab "a" ships no "x.yaml"; take it out',
      'labs/03-empty:1  the folder has no lab.md; write one, or move the folder out of the labs',
      'labs/no-number:1  the folder has no number; name it like 05-route-to-v2',
    ]);
  });

  it('reports manifests that nobody uses, that are no YAML, and broken ones without a cause', async () => {
    const problems = await lint({
      '01-a/lab.md': lab('a'),
      '01-a/manifests/unused.yaml': 'a: 1\n',
      '01-a/manifests/torn.yaml': 'a: [1\n',
      '01-a/broken/b.yaml': 'a: 2\n',
      '01-a/broken/c.yaml': '# cause: header-vale\n# mistake: m\na: 2\n',
    });
    expect(problems).toContain(
      'labs/01-a/broken/b.yaml:1  the cause is missing; begin the file with "# cause: CODE"',
    );
    expect(problems).toContain(
      'labs/01-a/broken/c.yaml:1  there is no cause "header-vale"; write "header-value"',
    );
    expect(problems).toContain(
      'labs/01-a/manifests/unused.yaml:1  no command uses this manifest; use it in a command, or delete it',
    );
    expect(
      problems.filter(problem => problem.includes('torn.yaml') && problem.includes('not valid YAML')),
    ).toHaveLength(1);
  });

  it('lends manifests to other labs', async () => {
    await write({
      '01-a/lab.md': lab('a'),
      '01-a/manifests/x.yaml': 'a: 1\n',
      '02-b/lab.md': lab('b', {more: 'manifests: [a/x.yaml]\n', body: command('kubectl apply -f x.yaml')}),
    });
    const labs = await loadLabs(directory);
    expect(labs[1]?.manifests).toEqual([{name: 'x.yaml', content: 'a: 1\n'}]);
  });

  it('wants the fences of a translation to be those of the lab', async () => {
    const original = lab('a');
    const same = original.replace('## Step', '## Schritt').replace('> One.', '> Eins.');
    expect(await lint({'01-a/lab.md': original, '01-a/lab.ko.md': same})).toEqual([]);
    const other = same.replace('kubectl get pods', 'kubectl get nodes');
    expect(await lint({'01-a/lab.ko.md': other})).toEqual([
      'labs/01-a/lab.ko.md:11  fence 1 differs from that of lab.md; copy the fences from lab.md as they are, in the same order',
    ]);
  });
});

describe('loadLabs and compileLabs', () => {
  it('refuses labs with problems, and lists all of them', async () => {
    await write({'01-a/lab.md': 'nothing\n'});
    const error = await loadLabs(directory).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WorkshopError);
    expect(error).toMatchObject({code: 'labs-invalid', exitCode: 2});
  });

  it('refuses a directory that is not there', async () => {
    await expect(loadLabs(join(directory, 'nowhere'))).rejects.toMatchObject({code: 'labs-unreadable'});
  });

  it('compiles to JSON that reads back as the same labs', async () => {
    await write({'01-a/lab.md': lab('a')});
    const json = JSON.stringify(await compileLabs(directory));
    expect(readCompiledLabs(json)).toEqual(await loadLabs(directory));
    expect(json).not.toContain(directory);
    expect(() => readCompiledLabs('{"format": 2}')).toThrow(WorkshopError);
  });
});
