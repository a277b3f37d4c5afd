import {existsSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import {type Pty, startPty} from './testing/pty.ts';
import {type TestIo, testIo} from './testing/test-io.ts';
import {readSixel} from './ui/pictures/testing/read-sixel.ts';

let outside: TestIo;
let app: Pty | undefined;

beforeAll(async () => {
  outside = testIo();
  const run = start(['run', '04']);
  await run.exited;
  await run.see('4 of 4 labs passed');
});

afterEach(async () => {
  app?.kill('SIGTERM');
  await app?.exited;
  app = undefined;
});

afterAll(async () => {
  await start(['sandbox', 'down', '--delete']).exited;
  outside.remove();
});

interface Options {
  env?: Record<string, string>;
  rows?: number;
  answer?(usual: string): string;
}

function start(args: readonly string[], {env = {}, ...options}: Options = {}): Pty {
  const {io, folder} = outside;
  const program = process.env['ISTIO_WORKSHOP_BUILD'] ?? io.programFolder;
  const inherited = Object.entries(io.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return startPty({
    command: process.execPath,
    args: [path.join(program, 'main.mjs'), ...args],
    env: {...Object.fromEntries(inherited), TERM: 'xterm-256color', ...env},
    directory: folder,
    columns: 100,
    ...options,
  });
}

/** Changes a route that the checks don't name, as a learner would in another terminal. */
async function patchRatings(change: object): Promise<void> {
  const file = path.join(outside.folder, 'patch.json');
  writeFileSync(file, JSON.stringify([change]));
  const another = start(['shell'], {env: {SHELL: '/bin/sh'}});
  await another.see('(workshop default)');
  another.type(`kubectl patch vs ratings -n bookinfo --type=json --patch-file ${file}\n`);
  await another.see('ratings patched');
  another.type('exit\n');
  await another.exited;
}

/** The app behind a check of the page, which is asked for where it has not been made yet. */
async function checked(options: Options = {}, args: readonly string[] = []): Promise<Pty> {
  const opened = start(args, options);
  app = opened;
  await opened.see('c check');
  opened.type(args.length > 0 ? 'c\n' : 'c');
  await opened.see(/p pictures/);
  return opened;
}

const pictureOf = (visitor: string): string =>
  path.join(outside.folder, 'state/workshops/default/pictures', `${visitor}.png`);

/** One frame, whole, at the end of the window. */
function expectFrame(shown: Pty): void {
  const screen = shown.screen();
  expect(screen.filter(line => line.includes('istio-workshop · sandbox'))).toHaveLength(1);
  expect(screen.filter(line => line.includes('p pictures'))).toHaveLength(1);
  expect(screen.join('\n')).not.toContain('any key');
}

describe('the key p', () => {
  it('draws a picture for each visitor where it is told how, and leaves the screen as it was', async () => {
    const shown = await checked({env: {ISTIO_WORKSHOP_PICTURES: 'kitty'}});
    const from = shown.written().length;
    shown.type('p');
    for (const visitor of ['anonymous', 'jason', 'john']) {
      await shown.see(`${visitor}  no stars, reviews v1`);
      await shown.see(visitor === 'john' ? 'any key goes back' : 'any key shows more');
      expect(shown.written().slice(from).split('\u001b_Ga=T,f=100')).toHaveLength(
        2 + ['anonymous', 'jason', 'john'].indexOf(visitor),
      );
      expect(existsSync(pictureOf(visitor))).toBe(true);
      shown.type(' ');
    }
    await shown.see('p pictures');
    expectFrame(shown);
    const everything = shown.everything().join('\n');
    expect(everything).toContain(`john  no stars, reviews v1\n${pictureOf('john')}`);
    // Told how, it is still asked for the size of its cells, and never again.
    expect(shown.written().split('\u001b[c')).toHaveLength(2);
    shown.type('p');
    await shown.see('any key shows more');
    expect(shown.written().split('\u001b[c')).toHaveLength(2);
    // Quitting takes them away.
    shown.kill('SIGTERM');
    expect(await shown.exited).toBe(143);
    const written = shown.written();
    expect(written.lastIndexOf('\u001b[?25h')).toBeGreaterThan(written.lastIndexOf('\u001b[?25l'));
  });

  it('draws sixels where the terminal says that it can', async () => {
    const shown = await checked({
      rows: 24,
      answer: usual => (usual === '\u001b[?1;2c' ? '\u001b[6;20;10t\u001b[?62;4;22c' : usual),
    });
    expect(shown.written()).not.toContain('\u001b[c');
    const from = shown.written().length;
    shown.type('p');
    await shown.see('any key shows more');
    const [, sequence = ''] = shown.written().slice(from).split('\u001bP');
    const [sixels = ''] = sequence.split('\u001b\\');
    expect(readSixel(`\u001bP${sixels}\u001b\\`).width).toBe(600);
    expect(shown.screen().join('\n')).not.toContain('4;22c');
    shown.type('q');
    await shown.see('p pictures');
    expectFrame(shown);
  });

  it('names the files where the terminal never answers, and loses no key', async () => {
    const shown = await checked({answer: () => ''});
    const from = shown.written().length;
    shown.type('p');
    await expect.poll(() => shown.written().slice(from)).toContain('\u001b[c');
    shown.type('l');
    await shown.see('⏎ go there');
    expect(shown.everything().join('\n')).toContain(`jason  no stars, reviews v1\n  ${pictureOf('jason')}`);
    shown.type('\u001b');
    await shown.see('p pictures');
    expectFrame(shown);
    // What it says at last is no key.
    shown.type(':');
    await shown.see('Tab complete');
    shown.type('\u001b[?62;4c');
    shown.type('pwd');
    await shown.see(/\$ \S*pwd/);
    expect(shown.screen().join('\n')).toContain('$ pwd');
  });

  it('names the files, and asks nothing, without a screen', async () => {
    const shown = await checked({}, ['--plain']);
    shown.type('p\n');
    for (const visitor of ['anonymous', 'jason', 'john']) {
      await shown.see(`${visitor}  no stars, reviews v1: `);
    }
    expect(shown.everything().join('').replaceAll(/\s/g, '')).toContain(pictureOf('john'));
    expect(shown.written()).not.toContain('\u001b[c');
    expect(shown.written()).not.toContain('\u001b_G');
  });
});

const enter = '\r';
const escapeKey = '\u001b';

/** Types a command of the learner's and waits for what it prints. */
async function runOwn(shown: Pty, command: string, printed: string | RegExp): Promise<string> {
  shown.type(':');
  await shown.see('Tab complete');
  shown.type(`${command}${enter}`);
  return shown.see(printed);
}

describe('the app with Bookinfo', () => {
  it('forwards to the page again when it is opened, when the pod is replaced, and as it is told', async () => {
    const shown = start([]);
    app = shown;
    await shown.see('Up again: kubectl port-forward');
    const port = /^\s*port (\d+)$/m.exec(
      await runOwn(shown, 'echo port $PRODUCTPAGE_PORT', /^\s*port \d+$/m),
    )?.[1];
    const page = (): Promise<number | undefined> =>
      fetch(`http://127.0.0.1:${port}/productpage`).then(
        ({status}) => status,
        () => undefined,
      );
    expect(await page()).toBe(200);
    await runOwn(shown, 'kubectl delete pod -n bookinfo -l app=productpage', /pod "productpage\S+" deleted/);
    await expect.poll(page).toBe(200);
    await shown.see('Up again');
    shown.type('b');
    await shown.see(/❯ ✓ is up\s+\$ kubectl port-forward/);
    shown.type(enter);
    await shown.see('– stopped');
    expect(await page()).toBeUndefined();
    shown.type(enter);
    await shown.see('✓ is up');
    expect(await page()).toBe(200);
    shown.type(escapeKey);
    await shown.miss('In the background');
    shown.type('o');
    await shown.see(`The page is at http://localhost:${port}/productpage`);
  });

  it('goes on when somebody does in another terminal what the step asks for', async () => {
    const shown = start([]);
    app = shown;
    await shown.see('⏎ next lab');
    shown.type(enter);
    await shown.see('Lab 5 · ');
    const another = start(['shell'], {env: {SHELL: '/bin/sh'}});
    await another.see('(workshop default)');
    another.type('kubectl delete virtualservice reviews -n bookinfo\n');
    await another.see('deleted');
    await shown.see('step done');
    shown.type(enter);
    await shown.see('step 2 of 2');
    shown.type(enter);
    await shown.see(/✓ written|✓ is there/);
    another.type('kubectl apply -n bookinfo -f reviews-v2.yaml\n');
    await another.see('created');
    await shown.see('5 of 7');
    await shown.see(/anonymous +black .* 10\/10 +v2/);
    another.type('exit\n');
    await another.exited;
  });

  it('shows each load of the page as a star, live', async () => {
    const shown = start([]);
    app = shown;
    await shown.see('t traffic');
    shown.type('t');
    for (const visitor of ['anonymous', 'jason', 'john']) {
      // On a machine that is busy elsewhere a load may show an error in between; it has a sign of its own.
      await shown.see(new RegExp(`^ *${visitor} +[★×]*★{2}[★×]* .*\\bv2 \\d+$`, 'm'));
    }
    shown.type('x');
    await shown.see('t traffic');
    shown.type('w');
    await shown.see('jason will see: black stars (reviews v2)');
    // A page that waits for its ratings as long as it can leaves the time to interrupt its check.
    const fault = {delay: {fixedDelay: '600s', percentage: {value: 100}}};
    const at = '/spec/http/0/fault';
    await patchRatings({op: 'add', path: at, value: fault});
    shown.type('c');
    await shown.see('checking');
    shown.type('\u0003');
    await shown.see('it could not be checked');
    await shown.see('It was interrupted.');
    await patchRatings({op: 'remove', path: at});
    shown.type('c');
    await shown.see('step done');
  });

  it("takes what the learner's editor left, says why it is wrong, and mends it by solving", async () => {
    const editor = path.join(outside.folder, 'editor.sh');
    const misspelt = '{gsub("subset: v2", "subset: v9"); print}';
    writeFileSync(editor, `awk '${misspelt}' "$1" > "$1.new"\nmv "$1.new" "$1"\n`);
    const shown = start([], {env: {EDITOR: `sh ${editor}`}});
    app = shown;
    await shown.see('⏎ next lab');
    shown.type('r');
    await shown.see('Undo lab 5');
    shown.type('y');
    await shown.see('undoing the lab');
    await shown.see(/step 1 of 2[\s\S]*⏎ run/);
    shown.type(enter);
    await shown.see('step done');
    shown.type(enter);
    await shown.see('⏎ write');
    shown.type(enter);
    await shown.see(/✓ (written|is there)/);
    shown.type('e');
    await shown.see('✓ your own version');
    shown.type(enter);
    await shown.see('not yet as the check wants it');
    await shown.see(/why: .*v9/);
    shown.type('h');
    await shown.see('│ Hint');
    await shown.see('Compare what is in the cluster');
    shown.type('s');
    await shown.see('any other key no');
    shown.type('y');
    // A line may break anywhere in a path.
    await shown.see(/reviews-v2\.\s*yaml\.\s*bak/);
    await shown.see('step done');
  });

  it('jumps to the last lab, solves it, and sums up', async () => {
    const shown = start([]);
    app = shown;
    await shown.see('l labs');
    shown.type('l');
    await shown.see('⏎ go there');
    shown.type('7');
    await shown.see(/❯ +7 /);
    shown.type(enter);
    // Whether a lab has to be solved before it depends on what stands.
    await shown.see(/Solve|Lab 7 · /);
    if (shown.screen().join('\n').includes('Solve ')) shown.type('y');
    await shown.see(/Lab 7 · [\s\S]*s solve/);
    shown.type('s');
    await shown.see('any other key no');
    shown.type('y');
    await shown.see(/jason +black .* 10\/10[\s\S]*john +none .* 10\/10[\s\S]*anonymous +red .* 10\/10/);
    await shown.see('⏎ finish');
    shown.type(enter);
    await shown.see(/You have done/);
    await shown.see('istio-workshop reset --all');
    shown.type('q');
    await shown.see('Still running: the sandbox');
    expect(await shown.exited).toBe(0);
    app = undefined;
  });
});

describe('the app on a cluster that is not ours', () => {
  // The workshop that made the cluster leaves Istio in it, and no Bookinfo.
  beforeAll(async () => {
    expect(await start(['reset', '03']).exited).toBe(0);
  });

  const open = (): Pty =>
    start([
      '--workshop',
      'other',
      '--engine',
      'context',
      '--kubeconfig',
      path.join(outside.folder, 'state/workshops/default/sandbox/kubeconfig'),
      '--context',
      'istio-workshop-default',
    ]);

  it('goes away when it may not change it', async () => {
    const shown = open();
    await shown.see('Do the labs in this cluster? [y/N]');
    shown.type('n\r');
    expect(await shown.exited).toBe(130);
  });

  it('asks first, hears the keys after that, and passes over the lab that was done before', async () => {
    const shown = open();
    app = shown;
    await shown.see(/Istio 1\.\S+ runs in istio-system: it is used as it is, and stays/);
    shown.type('y\r');
    await shown.see('⏎ run');
    shown.type('l');
    await shown.see(/2 Install Istio +was here before/);
    shown.type('2');
    await shown.see(/❯ +✓ +2 /);
    shown.type(enter);
    await shown.see('Lab 2, Install Istio: was here before the workshop');
    shown.type('q');
    await shown.see('Your place is kept');
    expect(await shown.exited).toBe(0);
    app = undefined;
    const reset = start(['--workshop', 'other', 'reset', '--all']);
    await reset.see(/what this workshop made on context \S+ · Istio 1\.\d+\.\d+/);
    await reset.see('Remove it? [y/N]');
    reset.type('y\r');
    await reset.see('kept Istio: it was there before this workshop');
    expect(await reset.exited).toBe(0);
  });
});
