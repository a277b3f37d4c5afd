import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {usualVisitors} from '../../../verify/expect.ts';
import type {Condition} from '../../catalog/lab.ts';
import {type ExitCode, exitCodes, messageOf, type Remedy, WorkshopError} from '../../errors.ts';
import type {ProbedCluster} from '../../probe/context.ts';
import type {Expectations} from '../../probe/expectations.ts';
import {systemProcesses} from '../../processes.ts';
import type {View} from '../../session/events.ts';
import {holdEnd} from '../../session/hold-end.ts';
import {teeView} from '../../session/tee-view.ts';
import {createBrowsers} from '../browsers.ts';
import {eventsFor} from '../events-for.ts';
import type {Io} from '../io.ts';
import type {GlobalOptions} from '../options.ts';
import {reportFor} from '../report-for.ts';
import {type Deadline, startDeadline} from '../run/deadline.ts';
import {secondsOf} from '../run/seconds.ts';
import {viewChoice} from '../view-choice.ts';
import {lineView} from '../views.ts';
import {loadsOf} from './run.ts';

export interface ProbeCommandOptions extends GlobalOptions {
  url?: string;
  expect?: readonly string[];
  loads?: string;
  settle?: string;
  startUp?: string;
  namespace?: string;
  deadline?: string;
  evidence?: string;
  report?: string;
  events?: string;
  /** Prints a file to begin with. */
  example?: boolean;
}

/** As `verify` has them: a change has to reach the proxies, and an application has to start. */
const usualSettle = 15_000;
const usualStartUp = 120_000;

/** `probe [FILE]`: looks at what answers at an address and changes nothing; no workshop and no cluster are needed. */
export async function probe(
  io: Io,
  file: string | undefined,
  options: ProbeCommandOptions,
): Promise<ExitCode> {
  const {exampleExpectations} = await import('../../probe/expectations.ts');
  if (options.example) {
    io.stdout.write(exampleExpectations);
    return exitCodes.passed;
  }
  const expectations = await expectationsOf(io, file, options);
  const {url, conditions} = expectations;
  const loads = options.loads === undefined ? (expectations.loads ?? loadsOf({})) : loadsOf(options);
  const bounds = {
    propagation: secondsOf('--settle', options.settle) ?? expectations.settle ?? usualSettle,
    startUp: secondsOf('--start-up', options.startUp) ?? expectations.startUp ?? usualStartUp,
  };
  const deadline = startDeadline(options.deadline);
  const {probeLab} = await import('../../probe/probe-lab.ts');
  const lab = probeLab(url, conditions);
  const report = await reportFor(io, {
    asked: {engine: 'context', labs: [lab]},
    options,
    words: ['probe', ...(file ? [file] : [])],
  });
  const events = await eventsFor(io, options.events);
  const others = [report, events].filter(each => each !== undefined);
  const view = holdEnd(teeView([lineView(io, viewChoice(io, options, true)), ...others]));
  const interruption = new AbortController();
  const forget = io.onSignal(() => interruption.abort());
  try {
    const cluster = await clusterOf(io, view, {...options, namespace: namespaceOf(options, expectations)});
    const evidenceFolder = report?.evidenceFolder ?? options.evidence;
    const [{createProbeConditions}, {createExecutor}] = await Promise.all([
      import('../../probe/conditions.ts'),
      import('../../session/executor.ts'),
    ]);
    const conditions = createProbeConditions({
      url,
      loads,
      bounds,
      browsers: createBrowsers({io, onProgress: text => view.event({type: 'note', text})}),
      ...(cluster ? {cluster} : {}),
      ...(evidenceFolder ? {evidenceFolder} : {}),
    });
    const executor = createExecutor({
      engine: 'context',
      view,
      processes: systemProcesses,
      workFolder: io.directory,
      environment: async () => ({}),
      conditions,
      tellsLoads: report !== undefined,
      now: () => Date.now(),
      release: () => conditions.close(),
    });
    const {runProbe} = await import('../../probe/run-probe.ts');
    return await runProbe({
      lab,
      url,
      view,
      executor,
      now: () => Date.now(),
      signal: AbortSignal.any([interruption.signal, deadline.signal]),
      ended: () => endOf(deadline, interruption.signal, view),
    });
  } finally {
    deadline.clear();
    forget();
    const unsent = await events?.settle();
    if (unsent) view.event({type: 'note', text: unsent});
    view.letGo(true);
    await view.close();
  }
}

/** Why it was given up, if it was. */
function endOf(
  deadline: Deadline,
  interruption: AbortSignal,
  view: View,
): 'interrupted' | 'deadline' | undefined {
  if (interruption.aborted) return 'interrupted';
  if (!deadline.signal.aborted) return undefined;
  view.event({type: 'problem', error: deadline.error});
  return 'deadline';
}

/** @throws WorkshopError where it is not said what to look at, or a file can't be read */
async function expectationsOf(
  io: Io,
  file: string | undefined,
  {url, expect = []}: ProbeCommandOptions,
): Promise<Expectations & {url: string}> {
  const {parseExpectations} = await import('../../probe/expectations.ts');
  if (file === undefined && expect.length === 0) {
    throw wrong('probe-what', 'Say what to expect: a file, or --expect.', [
      {say: 'For example', command: 'probe --url http://localhost:9080/productpage --expect jason=black'},
      {say: 'A file to begin with', command: 'probe --example'},
    ]);
  }
  const read: Expectations =
    file === undefined ? {conditions: []} : parseExpectations(await textOf(io, file), file);
  const given = url ?? read.url;
  if (given === undefined) {
    throw wrong('probe-where', 'Say where the page is: --url.', ['--url http://localhost:9080/productpage']);
  }
  if (!/^https?:\/\//.test(given) || !URL.canParse(given)) {
    throw wrong('bad-url', `"${given}" is no address of a page.`, [
      'Write it whole, such as --url http://localhost:9080/productpage',
    ]);
  }
  return {...read, url: given, conditions: [...read.conditions, ...(await Promise.all(expect.map(starsOf)))]};
}

async function textOf(io: Io, file: string): Promise<string> {
  try {
    return await readFile(path.resolve(io.directory, file), 'utf8');
  } catch (error) {
    throw wrong('no-expectations', `The file ${file} can't be read: ${messageOf(error)}.`, [
      {say: 'Make one', command: `probe --example > ${file}`},
    ]);
  }
}

/** A condition about the stars, in the short form of `verify`. */
async function starsOf(text: string): Promise<Condition> {
  const {parseExpectation} = await import('../../../verify/expect.ts');
  const {VerifyError} = await import('../../../verify/errors.ts');
  const common = {kind: 'stars', via: 'productpage', place: {file: '--expect', line: 1}} as const;
  try {
    const meant = parseExpectation(text);
    if (meant.mode === 'each') return {...common, wanted: meant};
    if (meant.mode === 'seen') return {...common, wanted: {...meant, visitors: usualVisitors}};
    const {none = 0, black = 0, red = 0} = meant.shares;
    const total = none + black + red;
    const shares = {none: none / total, black: black / total, red: red / total};
    return {...common, wanted: {mode: 'mix', shares, margin: 0.1, visitors: usualVisitors}};
  } catch (error) {
    if (!(error instanceof VerifyError)) throw error;
    throw wrong('bad-expectation', error.message, error.remedies);
  }
}

/** The cluster that was named, to read pods and routes of; without one that answers, the colour is the only witness. */
async function clusterOf(
  io: Io,
  view: View,
  {kubeconfig, context, namespace}: GlobalOptions & {namespace: string},
): Promise<ProbedCluster | undefined> {
  if (kubeconfig === undefined && context === undefined) return undefined;
  const [{kubeconfigFiles, minifyKubeconfig}, {openKubeText}] = await Promise.all([
    import('../../engines/context/kubeconfig.ts'),
    import('../../engines/kube/kube.ts'),
  ]);
  const given = kubeconfig === undefined ? undefined : path.resolve(io.directory, kubeconfig);
  const {text, name} = minifyKubeconfig(kubeconfigFiles({given, env: io.env, home: io.homeFolder}), context);
  try {
    const kube = await openKubeText(text);
    await kube.version();
    return {kube, namespace};
  } catch (error) {
    view.event({
      type: 'note',
      text: `The cluster of the context "${name}" does not answer, so the colour is the only witness: ${messageOf(error)}`,
    });
    return undefined;
  }
}

function namespaceOf({namespace}: ProbeCommandOptions, expectations: Expectations): string {
  return namespace ?? expectations.namespace ?? 'bookinfo';
}

function wrong(code: string, message: string, remedies: readonly Remedy[]): WorkshopError {
  return new WorkshopError({code, message, remedies, exitCode: exitCodes.usage});
}
