import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {parseArgs} from 'node:util';
import {VerifyError} from './errors.ts';
import {everySecond} from './every-second.ts';
import {type Expectation, parseExpectation, usualVisitors} from './expect.ts';
import {type MixVerdict, proveSeen, proveSplit} from './mixes.ts';
import type {Observation, VerifyBrowser, Visitor, VisitorPage} from './observation.ts';
import {formatObservation, formatVerdict} from './report.ts';
import {type RoundsVerdict, settleThenProve} from './rounds.ts';
import {runProcess} from './run-process.ts';
import {type SettleBounds, type Waiting, waitingText} from './settle.ts';
import {startBrowser} from './start-browser.ts';
import {describeSystem} from './system.ts';
import {jsonText, terminalText} from './terminal-text.ts';

const usage = (program: string): string => `Usage: ${program} --url URL --expect EXPECTATION [options]

Opens Bookinfo's product page in a real browser as each visitor and reads the stars.

  --url URL           the page, e.g. http://localhost:8080/productpage
  --expect WHAT       black | anonymous=red,jason=black,john=none
                      none=33%,black=33%,red=33% (a mix) | seen:none,black,red
  --loads N           loads of each visitor that must all be right (10); of all visitors for a mix (600)
  --settle SECONDS    how long wrong answers count as "not yet", since a change has to reach the proxies (15)
  --start-up SECONDS  how long no answer counts as "not yet", since an application has to start (120)
  --screenshots DIR   keep a picture of the reviews for each visitor, and the page's HTML when it is wrong
  --fetch-browser     only find a browser, or fetch one where there is none
  --json              one JSON object a line on stdout

Ends with 0 when what was seen is what was expected, 1 when not, 2 for wrong usage, 3 when it could not be seen.
`;

const exitCodes = {
  passed: 0,
  failed: 1,
  usage: 2,
  unknown: 3,
  interrupted: 130,
  terminated: 143,
} as const;

/** What of the outside is used. */
export interface VerifyOutside {
  env: Readonly<Record<string, string | undefined>>;
  home: string;
  platform: NodeJS.Platform;
  stdout: NodeJS.WritableStream;
  stderr: NodeJS.WritableStream;
  /** What people type to start this, for the help and the remedies: `npm run verify --`. */
  program: string;
  /** Calls back on SIGINT and SIGTERM. */
  onSignal(handler: (signal: 'SIGINT' | 'SIGTERM') => void): void;
}

interface Request {
  url: string;
  expectation: Expectation;
  loads: number | undefined;
  bounds: SettleBounds;
  screenshots: string | undefined;
  json: boolean;
}

function readRequest(argv: readonly string[]): Request | 'help' | 'fetch-browser' {
  const {values} = parse(argv);
  if (values.help) return 'help';
  if (values['fetch-browser']) return 'fetch-browser';
  if (values.url === undefined || values.expect === undefined)
    throw usageError('--url and --expect are both needed');
  if (!URL.canParse(values.url) || !/^https?:/.test(values.url))
    throw usageError(`"${values.url}" is not an http URL`);
  return {
    url: values.url,
    expectation: parseExpectation(values.expect),
    loads: values.loads === undefined ? undefined : wholeNumber('--loads', values.loads, 1),
    bounds: {
      propagation: wholeNumber('--settle', values.settle ?? '15', 0) * 1000,
      startUp: wholeNumber('--start-up', values['start-up'] ?? '120', 0) * 1000,
    },
    screenshots: values.screenshots,
    json: values.json ?? false,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        url: {type: 'string'},
        expect: {type: 'string'},
        loads: {type: 'string'},
        settle: {type: 'string'},
        'start-up': {type: 'string'},
        screenshots: {type: 'string'},
        json: {type: 'boolean'},
        'fetch-browser': {type: 'boolean'},
        help: {type: 'boolean', short: 'h'},
      },
    });
  } catch (error) {
    throw usageError(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(name: string, text: string, least: number): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < least)
    throw usageError(`${name} wants a whole number from ${least}, not "${text}"`);
  return number;
}

function usageError(message: string): VerifyError {
  return new VerifyError({code: 'usage', message});
}

async function verify(
  request: Request,
  outside: VerifyOutside & {browser: VerifyBrowser; signal: AbortSignal},
): Promise<number> {
  const {url, expectation, json} = request;
  const {browser, signal, stdout, stderr} = outside;
  const visitors = expectation.mode === 'each' ? Object.keys(expectation.visitors) : usualVisitors;
  const pages = new Map<Visitor, VisitorPage>();
  for (const visitor of visitors) pages.set(visitor, await browser.open({url, visitor}));
  const load = (visitor: Visitor) => (pages.get(visitor) as VisitorPage).load({signal});
  const show = (observation: Observation) => {
    if (json) print(stdout, {event: 'load', ...observation});
    else say(stderr, formatObservation(observation));
  };
  const showWait = (waiting: Waiting) => {
    if (json) print(stdout, {event: 'waiting', ...waiting});
    else say(stderr, waitingText(waiting));
  };
  const verdict = await prove({request, visitors, load, show, showWait, signal});
  if (request.screenshots !== undefined)
    await keepEvidence(request.screenshots, pages, verdict.outcome !== 'passed');
  if (json) print(stdout, {event: 'verdict', url, browser: browser.description, ...verdict});
  else say(stdout, formatVerdict(verdict, expectation));
  return exitCodes[verdict.outcome];
}

function prove(options: {
  request: Request;
  visitors: readonly Visitor[];
  load: (visitor: Visitor) => Promise<Observation>;
  show: (observation: Observation) => void;
  showWait: (waiting: Waiting) => void;
  signal: AbortSignal;
}): Promise<RoundsVerdict | MixVerdict> {
  const {request, visitors, load, show, showWait, signal} = options;
  const {expectation, loads, bounds} = request;
  const common = {
    visitors,
    load,
    // Only the cluster could tell; here the answers have to.
    configured: () => false,
    bounds,
    now: () => performance.now(),
    pause: (milliseconds: number) => pause(milliseconds, undefined, {signal}),
    meanwhile: everySecond,
    onLoad: ({observation}: {observation: Observation}) => show(observation),
    onWait: showWait,
    signal,
  };
  switch (expectation.mode) {
    case 'mix':
      return proveSplit({...common, limit: loads ?? 600, wanted: expectation});
    case 'seen':
      return proveSeen({...common, limit: loads ?? 60, wanted: expectation.stars});
    case 'each':
      return settleThenProve({
        ...common,
        isRight: ({visitor, stars}) => stars === expectation.visitors[visitor],
        loads: loads ?? 10,
      });
  }
}

async function keepEvidence(
  folder: string,
  pages: ReadonlyMap<Visitor, VisitorPage>,
  withHtml: boolean,
): Promise<void> {
  await mkdir(folder, {recursive: true});
  for (const [visitor, page] of pages) {
    const name = encodeURIComponent(visitor);
    await writeFile(path.join(folder, `${name}.png`), await page.screenshot());
    if (withHtml) await writeFile(path.join(folder, `${name}.html`), await page.html());
  }
}

function print(stream: NodeJS.WritableStream, value: object): void {
  stream.write(`${jsonText(value)}\n`);
}

function say(stream: NodeJS.WritableStream, text: string): void {
  stream.write(`${terminalText(text)}\n`);
}

/**
 * The browser's verdict alone, on any cluster.
 * @returns the exit code: that of the verdict, of wrong usage, of what could not be seen, or of a signal
 * @throws what is a fault of ours
 */
export async function runVerify(argv: readonly string[], outside: VerifyOutside): Promise<number> {
  const {env, home, platform, stdout, stderr, program} = outside;
  const abort = new AbortController();
  let terminated = false;
  outside.onSignal(signal => {
    terminated ||= signal === 'SIGTERM';
    abort.abort();
  });
  let browser: VerifyBrowser | undefined;
  try {
    const request = readRequest(argv);
    if (request === 'help') {
      stdout.write(usage(program));
      return exitCodes.passed;
    }
    const caches =
      platform === 'darwin'
        ? path.join(home, 'Library', 'Caches')
        : env['XDG_CACHE_HOME'] || path.join(home, '.cache');
    const cache = env['ISTIO_WORKSHOP_CACHE'] || path.join(caches, 'istio-workshop');
    browser = await startBrowser({
      search: {env, home, platform, cacheFolder: path.join(cache, 'browsers')},
      system: describeSystem(env),
      run: runProcess,
      progress: line => say(stderr, line),
      signal: abort.signal,
    });
    if (request === 'fetch-browser') {
      say(stderr, `browser: ${browser.description}`);
      return exitCodes.passed;
    }
    return await verify(request, {...outside, browser, signal: abort.signal});
  } catch (error) {
    if (abort.signal.aborted) return terminated ? exitCodes.terminated : exitCodes.interrupted;
    if (!(error instanceof VerifyError)) throw error;
    const isUsage = error.code === 'usage';
    const remedies = isUsage ? [`${program} --help`] : error.remedies;
    const lines = [error.message, error.detail, ...remedies.map(remedy => `  ${remedy}`)];
    say(stderr, lines.filter(line => line !== undefined).join('\n'));
    return isUsage || error.code === 'bad-expectation' ? exitCodes.usage : exitCodes.unknown;
  } finally {
    await browser?.close();
  }
}
