/**
 * `npm run demo [-- --build DIR] [--out FILE]`: records the picture of the README from the built program. Solves the
 * labs before the last one without a terminal, then opens the app in a pseudo-terminal of 80x24, lets it solve that
 * lab with the key `s`, and writes what the screen then shows as an SVG of text. Whatever it started it removes.
 */
import {mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {spawn} from '@lydell/node-pty';
import xterm from '@xterm/headless';
import {$, argv} from 'zx';
import {ensureBuilt, ensureInstalled, requireNode} from './set-up.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
requireNode();
ensureInstalled(root);
if (!argv.build) ensureBuilt(root);

const main = path.resolve(argv.build ?? path.join(root, '.build'), 'main.mjs');
const target = path.resolve(argv.out ?? path.join(root, 'scripts', 'demo.svg'));
const columns = 80;
const rows = 24;
const patience = 30_000;

/** What has to be on the screen before the picture is taken: the last lab done, and a row for each visitor. */
const wanted = [/7 of 7/, /^\W*jason\b.*black/m, /^\W*john\b.*none/m, /^\W*anonymous\b.*red/m];

const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'istio-workshop-demo-')));
const home = path.join(folder, 'home');
mkdirSync(home);
const {NO_COLOR: _noColor, FORCE_COLOR: _forceColor, CI: _ci, ...inherited} = process.env;
const env = {
  ...inherited,
  HOME: home,
  TERM: 'xterm-256color',
  COLORTERM: 'truecolor',
  ISTIO_WORKSHOP_STATE: path.join(folder, 'state'),
  ISTIO_WORKSHOP_CACHE:
    process.env.ISTIO_WORKSHOP_CACHE ?? path.join(os.homedir(), '.cache', 'istio-workshop'),
  PLAYWRIGHT_BROWSERS_PATH:
    process.env.PLAYWRIGHT_BROWSERS_PATH ?? path.join(os.homedir(), '.cache', 'ms-playwright'),
};
const run = (...args) => $({cwd: home, env, quiet: true})`${process.execPath} ${main} ${args}`;

/** The app in a terminal of its own. */
function openApp() {
  const terminal = new xterm.Terminal({cols: columns, rows, allowProposedApi: true});
  const child = spawn(process.execPath, [main], {
    cols: columns,
    rows,
    cwd: home,
    env,
    name: 'xterm-256color',
  });
  const listeners = new Set();
  let exitCode;
  const changed = () => {
    for (const listener of listeners) listener();
  };
  child.onData(data => terminal.write(data, changed));
  terminal.onData(data => {
    if (exitCode === undefined) child.write(data);
  });
  const exited = new Promise(resolve => {
    child.onExit(event => {
      exitCode = event.exitCode;
      terminal.write('', changed);
      resolve(exitCode);
    });
  });
  const screen = () =>
    Array.from({length: rows}, (_, row) => {
      const {active} = terminal.buffer;
      return active.getLine(active.baseY + row)?.translateToString(true) ?? '';
    }).join('\n');
  /** Resolves once the screen shows all of `patterns`. */
  const see = (...patterns) =>
    new Promise((resolve, reject) => {
      const finish = error => {
        clearTimeout(timer);
        listeners.delete(look);
        if (error) reject(error);
        else resolve();
      };
      const failure = why => new Error(`${why} ${patterns.join(', ')}:\n${screen().trimEnd()}`);
      const look = () => {
        const text = screen();
        if (patterns.every(pattern => pattern.test(text))) finish();
        else if (exitCode !== undefined) finish(failure(`the app ended with ${exitCode} and never showed`));
      };
      const timer = setTimeout(() => finish(failure('the screen never showed')), patience);
      listeners.add(look);
      look();
    });
  return {
    terminal,
    screen,
    see,
    exited,
    type: text => child.write(text),
    stop: () => {
      if (exitCode === undefined) child.kill('SIGTERM');
    },
  };
}

const foreground = '#d8dee9';
const background = '#12161f';
const basic = [
  '#3b4252 #ff6b6b #7fd88f #f2c76e #7aa8ff #d79bf0 #6fd3dd #d8dee9',
  '#8b95a7 #ff8a8a #9be8a8 #ffdd94 #9dc0ff #e6b8f8 #93e5ec #ffffff',
].flatMap(line => line.split(' '));

/** A colour of the 256 as xterm numbers them: 16 named ones, a cube of 6x6x6, 24 greys. */
function indexed(number) {
  if (number < 16) return basic[number];
  if (number >= 232) return hex(Array(3).fill(8 + (number - 232) * 10));
  const cube = number - 16;
  const steps = [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6];
  return hex(steps.map(step => (step === 0 ? 0 : 55 + step * 40)));
}

function hex(parts) {
  return `#${parts.map(part => part.toString(16).padStart(2, '0')).join('')}`;
}

function fromRgb(number) {
  return `#${number.toString(16).padStart(6, '0')}`;
}

/** How one cell looks. */
function styleOf(cell) {
  let ink = foreground;
  if (cell.isFgRGB()) ink = fromRgb(cell.getFgColor());
  else if (cell.isFgPalette()) ink = indexed(cell.getFgColor());
  let paper;
  if (cell.isBgRGB()) paper = fromRgb(cell.getBgColor());
  else if (cell.isBgPalette()) paper = indexed(cell.getBgColor());
  if (cell.isInverse()) [ink, paper] = [paper ?? background, ink];
  return {
    ink,
    paper,
    isBold: cell.isBold() !== 0,
    isDim: cell.isDim() !== 0,
    isItalic: cell.isItalic() !== 0,
    isUnderlined: cell.isUnderline() !== 0,
  };
}

const sameStyle = (one, other) => Object.keys(one).every(key => one[key] === other[key]);
const isPlain = text => /^[ -~]*$/.test(text);

/**
 * The cells of one line as runs of one look. Letters outside ASCII stand apart, since fonts draw them as wide as they
 * like, and so does what follows a gap: each run starts exactly in its column.
 */
function runsOf(line) {
  const runs = [];
  for (let column = 0; column < columns; column++) {
    const cell = line.getCell(column);
    if (!cell || cell.getWidth() === 0) continue;
    const text = cell.getChars() || ' ';
    const style = styleOf(cell);
    const width = cell.getWidth();
    const last = runs.at(-1);
    const isGap = last?.text.endsWith('  ') && text !== ' ';
    const isSameSort = last && (isPlain(text) ? isPlain(last.text) : last.text.endsWith(text));
    if (last && sameStyle(last.style, style) && isSameSort && !isGap) {
      last.text += text;
      last.width += width;
    } else {
      runs.push({column, text, width, style});
    }
  }
  return runs;
}

const cellWidth = 9;
const lineHeight = 19;
const margin = 18;
const bar = 34;

const escaped = text =>
  text.replace(/[&<>"]/g, letter => ({'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;'})[letter]);

function runToSvg(run, row) {
  const {text, style} = run;
  const x = margin + run.column * cellWidth;
  const y = bar + row * lineHeight;
  const parts = [];
  if (style.paper) {
    parts.push(
      `<rect x="${x}" y="${y}" width="${run.width * cellWidth}" height="${lineHeight}" fill="${style.paper}"/>`,
    );
  }
  const shown = text.trimStart();
  if (shown.trimEnd() !== '') {
    const lead = text.length - shown.length;
    const trail = shown.length - shown.trimEnd().length;
    const look = [
      style.ink === foreground ? '' : ` fill="${style.ink}"`,
      style.isBold ? ' font-weight="bold"' : '',
      style.isDim ? ' opacity="0.65"' : '',
      style.isItalic ? ' font-style="italic"' : '',
      style.isUnderlined ? ' text-decoration="underline"' : '',
    ].join('');
    const width = (run.width - lead - trail) * cellWidth;
    parts.push(
      `<text x="${x + lead * cellWidth}" y="${y + 14}" textLength="${width}" lengthAdjust="spacingAndGlyphs"${look}>${escaped(shown.trimEnd())}</text>`,
    );
  }
  return parts;
}

/** The window of the terminal as a picture of a fixed size, with text as text. */
function toSvg(terminal) {
  const {active} = terminal.buffer;
  const lines = Array.from({length: rows}, (_, row) => active.getLine(active.baseY + row));
  const said = lines.map(line => line.translateToString(true));
  const width = columns * cellWidth + 2 * margin;
  const height = rows * lineHeight + bar + margin;
  const lights = ['#ff6b6b', '#f2c76e', '#7fd88f'].map(
    (colour, index) => `<circle cx="${margin + 6 + index * 18}" cy="17" r="5.5" fill="${colour}"/>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title">`,
    `<title id="title">${escaped(
      said
        .find(line => line.trim() !== '')
        ?.trim()
        .replace(/ +/g, ' ') ?? '',
    )}</title>`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10" fill="${background}" stroke="#3b4252"/>`,
    ...lights,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace" font-size="15" fill="${foreground}" xml:space="preserve">`,
    ...lines.flatMap((line, row) => runsOf(line).flatMap(run => runToSvg(run, row))),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

let app;
try {
  console.error('… the labs before');
  await run('run', '01', '02', '03', '04', '05', '06');
  console.error('… the last lab, in a terminal');
  app = openApp();
  // The app opens where the run ended, which is the last step of the lab before.
  await app.see(/Lab [67] · /, /⏎ \S+/);
  if (/Lab 6 · /.test(app.screen())) app.type('\r');
  await app.see(/Lab 7 · /, /s solve/);
  app.type('s');
  await app.see(/any other key no/);
  app.type('y');
  await app.see(...wanted);
  const picture = toSvg(app.terminal);
  app.type('q');
  const exitCode = await app.exited;
  if (exitCode !== 0) throw new Error(`the app ended with ${exitCode}`);
  writeFileSync(target, picture);
  console.error(`✓ ${path.relative(process.cwd(), target)}`);
} finally {
  app?.stop();
  await app?.exited;
  const reset = await run('reset', '--all', '--yes').nothrow();
  // The folder holds what is needed to remove the rest by hand, so it stays when removing failed.
  if (reset.exitCode === 0) rmSync(folder, {recursive: true, force: true});
  else console.error(`The workshop in ${folder} could not be removed:\n${reset.stdout}${reset.stderr}`);
}
