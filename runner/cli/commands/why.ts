import {changeFor, readMoment} from '../../checks/mesh-moment.ts';
import {readPast} from '../../checks/mesh-past.ts';
import {readCall} from '../../checks/page-way.ts';
import {tellPage} from '../../checks/tell-page.ts';
import {type Kube, openKube} from '../../engines/kube/kube.ts';
import {KubeError} from '../../engines/kube/rest.ts';
import {type ExitCode, exitCodes, WorkshopError} from '../../errors.ts';
import {openMeshHistory} from '../../session/mesh-history.ts';
import {visitors} from '../../session/visitors.ts';
import type {WorkshopStore} from '../../session/workshop-store.ts';
import {jsonLine} from '../../ui/json/json-line.ts';
import {createPaint} from '../../ui/paint.ts';
import {cleanData} from '../../ui/text/clean-text.ts';
import {changeLines} from '../../ui/way/change-lines.ts';
import {pageLines} from '../../ui/way/page-lines.ts';
import {callLines, type WayLinesOptions} from '../../ui/way/way-lines.ts';
import {openApp} from '../app.ts';
import {chooseView} from '../choose-view.ts';
import type {Io} from '../io.ts';
import type {GlobalOptions} from '../options.ts';

export interface WhyOptions extends GlobalOptions {
  as?: string;
  via?: string;
  path?: string;
  from?: string;
  to?: string;
  /** What the last change did, in place of what is. */
  last?: boolean;
}

/**
 * `why [--as V]`: the page load of a visitor as the tree of its requests, with the rule of the object that decides each;
 * with `--from` and `--to` one call of a workload.
 */
export async function why(io: Io, options: WhyOptions): Promise<ExitCode> {
  const via = viaOf(options.via);
  if ((options.from === undefined) !== (options.to === undefined)) {
    throw usage('One call has two ends.', 'Give both: --from productpage --to reviews:9080');
  }
  const app = await openApp(io, options);
  await app.engine.verify?.();
  const kube = await openKube((await app.engine.connect()).kubeconfig);
  const {colour} = chooseView({
    stdinIsTty: false,
    stdoutIsTty: io.stdout.isTTY === true,
    env: io.env,
    ...(options.json === undefined ? {} : {json: options.json}),
    ...(options.color === undefined ? {} : {color: options.color}),
  });
  const shape = options.plain ? ('list' as const) : ('tree' as const);
  const looks = {width: Math.min(io.stdout.columns || 76, 100), paint: createPaint(colour), shape};
  if (options.from !== undefined && options.to !== undefined) {
    const hop = await oneCall(kube, options.from, options.to, options).catch(refuse);
    if (options.json) io.stdout.write(`${jsonLine(hop)}\n`);
    else write(io, callLines(cleanData(hop), looks));
    return exitCodes.passed;
  }
  const visitor = options.as ?? 'anonymous';
  if (options.last) return lastChange(io, kube, {store: app.store, via, options, looks});
  const last = await app.store.readLastCheck();
  const told = await tellPage(kube, {
    visitor,
    via,
    ...(options.path === undefined ? {} : {path: options.path}),
    ...(last ? {last} : {}),
    now: Date.now(),
    realProxies: !app.engine.capabilities.simulated,
  }).catch(refuse);
  if (options.json) io.stdout.write(`${jsonLine(told)}\n`);
  else write(io, pageLines(cleanData(told), looks));
  return exitCodes.passed;
}

/** Names of objects were cleaned before, so that the styles around them stay. */
function write(io: Io, lines: readonly string[]): void {
  io.stdout.write(`${lines.join('\n')}\n`);
}

/** `why --last`: what the last change to the mesh did for each visitor, as far as the cluster knows, else the workshop. */
async function lastChange(
  io: Io,
  kube: Kube,
  given: {store: WorkshopStore; via: 'productpage' | 'gateway'; options: WhyOptions; looks: WayLinesOptions},
): Promise<ExitCode> {
  const {store, via, options, looks} = given;
  const moment = await readMoment(kube, Date.now()).catch(refuse);
  const moments = await openMeshHistory(store.folder).keep(moment);
  const asked = options.as === undefined ? visitors : [options.as];
  const seen = moments && changeFor(moments, asked, via);
  const past = await readPast(kube, moment);
  const remembered = past && changeFor([past.before, moment], asked, via);
  // Of pods the cluster keeps no versions.
  const ofPods = seen?.objects.every(({object}) => object.kind === 'Pods') ?? false;
  const byCluster = remembered !== undefined && remembered.objects.length > 0 && !(seen && ofPods);
  const {by, changedAt} = past ?? {};
  const when = {
    ...(by === undefined ? {} : {by}),
    ...(changedAt === undefined ? {} : {ago: Math.max(0, moment.at - changedAt)}),
  };
  const change = byCluster ? {...remembered, ...when} : seen;
  if (options.json) io.stdout.write(`${jsonLine(change ?? null)}\n`);
  else write(io, changeLines(cleanData(change), looks));
  return exitCodes.passed;
}

function viaOf(text = 'productpage'): 'productpage' | 'gateway' {
  if (text === 'productpage' || text === 'gateway') return text;
  throw usage(`There is no way in called "${text}".`, 'Choose --via productpage or --via gateway');
}

function usage(message: string, remedy: string): WorkshopError {
  return new WorkshopError({code: 'bad-options', message, remedies: [remedy], exitCode: exitCodes.usage});
}

async function oneCall(kube: Kube, from: string, to: string, options: WhyOptions) {
  const visitor = options.as;
  const headers: Record<string, string> = visitor === undefined ? {} : {'end-user': visitor};
  const hop = await readCall(kube, {from, to, path: options.path ?? '/', headers});
  if (hop) return hop;
  throw new WorkshopError({
    code: 'no-such-caller',
    message: `No pod of a workload called ${from} runs there, so nobody calls.`,
    remedies: [
      'Name a Deployment, with its namespace behind a dot where that is not bookinfo: --from client.default',
    ],
  });
}

/** What decides can't be told from a part of it. */
function refuse(error: unknown): never {
  if (!(error instanceof KubeError)) throw error;
  throw new WorkshopError({
    code: 'forbidden',
    message: 'The cluster does not show what decides.',
    detail: error.message,
    remedies: ['Ask whoever runs the cluster for the right that is named'],
    cause: error,
  });
}
