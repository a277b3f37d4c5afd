import type {Hop, PageWay} from '../../checks/page-way.ts';
import {wrapBehind, wrapLines} from '../markdown/wrap.ts';
import type {Paint} from '../paint.ts';
import {
  answersText,
  appliedText,
  calledText,
  decisionText,
  destinationTexts,
  percent,
  placeText,
  policyText,
  proxyTexts,
  seconds,
  sightText,
  tlsText,
} from './words.ts';

export interface WayLinesOptions {
  width: number;
  paint: Paint;
  /** `list` numbers the calls in place of drawing lines, for a screen reader. @default tree */
  shape?: 'tree' | 'list';
  /** Of calls that get what they should only the first line. */
  brief?: boolean;
}

/** More that does not apply than this is counted only. */
const notAppliedShown = 3;

/** The page load as the tree of its calls, and what the visitor sees. */
export function wayLines(way: PageWay, options: WayLinesOptions): readonly string[] {
  const {width, paint} = options;
  const entry = way.via === 'gateway' ? 'through the gateway' : 'by a port-forward';
  const loads = way.entry.branches.filter(({next}) => next.length > 0);
  const behindGate = way.entry.from.kind === 'gateway';
  const calls = loads.flatMap(({next}) => next);
  return [
    ...wrapLines(paint.title(`${way.visitor} opens ${way.path} ${entry}`), width),
    ...(behindGate || calls.length === 0
      ? hopLines(way.entry, {...options, rest: '', mark: '', number: '1'})
      : hopsLines(calls, {...options, rest: '', number: ''})),
    ...(way.applied ? wrapLines(appliedText(way.applied), width) : []),
    ...wrapBehind(
      '',
      0,
      way.unknown.flatMap(text => wrapLines(`not known: ${text}`, width)),
    ),
    ...sightLines(way, options),
  ];
}

/** One call of a workload, with those behind it. */
export function callLines(hop: Hop, options: WayLinesOptions): readonly string[] {
  return hopLines(hop, {...options, rest: '', mark: '', number: '1'});
}

/** What the visitor sees, each with its share. */
export function sightLines(way: PageWay, {width, paint, shape}: WayLinesOptions): readonly string[] {
  const mark = shape === 'list' ? '' : '▸ ';
  const head = `${way.visitor} will see: `;
  const several = way.sees.length > 1;
  const texts = way.sees.map(sight => `${several ? `${percent(sight.share)} ` : ''}${sightText(sight, way)}`);
  if (way.styled && way.styled.status !== 200) {
    texts.push(`without its style sheet: ${way.styled.path} gets ${way.styled.status}`);
  }
  const lines = wrapLines(head + texts.join('; '), width - mark.length);
  return wrapBehind(
    mark,
    mark.length,
    lines.map(line => paint.strong(line)),
  );
}

interface Place extends WayLinesOptions {
  /** What stands before every line of the branch. */
  rest: string;
  /** `2.1`, for a list. */
  number: string;
}

function hopsLines(hops: readonly Hop[], place: Place): readonly string[] {
  return hops.flatMap((hop, index) => {
    const last = index === hops.length - 1;
    const number = `${place.number}${place.number === '' ? '' : '.'}${index + 1}`;
    const mark = place.shape === 'list' ? '' : last ? '└ ' : '├ ';
    const rest = place.rest + (place.shape === 'list' ? '  ' : last ? '  ' : '│ ');
    return hopLines(hop, {...place, mark: place.rest + mark, rest, number});
  });
}

/** One call: who calls whom, what comes of it, what decides it, and the calls behind. */
function hopLines(hop: Hop, place: Place & {mark: string}): readonly string[] {
  const {width, paint, shape, rest, mark, number} = place;
  const good = hop.answers.every(({status}) => status === 200);
  const lead = shape === 'list' ? `${mark}${number}. ` : mark;
  const arrow = shape === 'list' ? 'calls' : '→';
  const head = `${hop.from.workload} ${arrow} ${calledText(hop)}: ${answersText(hop)}`;
  const next = hop.branches.flatMap(branch => branch.next);
  const bar = rest + (shape === 'list' || next.length === 0 ? '  ' : '│ ');
  const told = wrapLines(head, width - bar.length).map(line => (good ? line : paint.bad(line)));
  const tell = (text: string, style: (line: string) => string = line => line) =>
    wrapLines(text, Math.max(20, width - bar.length - 2)).map(
      (line, index) => bar + style(index === 0 ? line : `  ${line}`),
    );
  return [
    ...told.map((line, index) => (index === 0 ? lead : bar) + line),
    ...(place.brief ? briefFacts(hop) : hopFacts(hop)).flatMap(({text, quiet}) =>
      tell(text, quiet ? paint.quiet : undefined),
    ),
    ...hopsLines(distinct(next), {...place, number}),
  ];
}

/** Pods of several kinds make the same call; it is shown once where it comes to the same. */
function distinct(hops: readonly Hop[]): readonly Hop[] {
  const seen = new Set<string>();
  return hops.filter(hop => {
    const key = `${hop.from.workload} ${hop.request.host} ${JSON.stringify([hop.decision, hop.answers])}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

interface Fact {
  text: string;
  quiet?: boolean;
}

function hopFacts(hop: Hop): readonly Fact[] {
  const to = calledText(hop);
  return [
    {text: decisionText(hop)},
    ...proxyTexts(hop),
    ...destinationTexts(hop).map(text => ({text})),
    ...faultFacts(hop),
    ...timeFacts(hop),
    ...hop.mirrors.map(({host, subset, percentage}) => ({
      text: `copies ${percentage} % to ${host.split('.')[0]}${subset === undefined ? '' : ` subset ${subset}`}; nobody waits for those`,
    })),
    ...secured(hop).map(text => ({text})),
    ...(hop.gatePolicy ? refusalFacts(hop.gatePolicy, to) : []),
    ...uniqueRefusals(hop),
    ...notAppliedFacts(hop),
  ];
}

/** What decides, and for a call that fails all of it. */
function briefFacts(hop: Hop): readonly Fact[] {
  const good = hop.answers.every(({status}) => status === 200);
  if (!good) return hopFacts(hop);
  return [
    {text: decisionText(hop)},
    ...proxyTexts(hop).filter(({quiet}) => !quiet),
    ...faultFacts(hop),
    ...notAppliedFacts(hop),
  ];
}

function faultFacts({fault}: Hop): readonly Fact[] {
  if (!fault) return [];
  const where = placeText(fault.at);
  if (fault.withoutEffect) return [{text: `fault without a percentage, so it hits nobody (${where})`}];
  const parts = [
    ...(fault.delay && fault.delay.percentage > 0
      ? [`${seconds(fault.delay.ms)} late for ${fault.delay.percentage} %`]
      : []),
    ...(fault.abort && fault.abort.percentage > 0
      ? [`aborted with ${fault.abort.status} for ${fault.abort.percentage} %`]
      : []),
  ];
  const abort = (fault.abort?.percentage ?? 0) > 0;
  return [
    {
      text: `fault: ${parts.join(', ')} of these calls (${where})${abort ? '; it comes before any retry' : ''}`,
    },
  ];
}

/** Limits of the route and of the calling program, and what they add up to; only where something takes time. */
function timeFacts({timeout, retries, patience, from, fault, answers}: Hop): readonly Fact[] {
  const facts: Fact[] = [];
  if (timeout) {
    facts.push({
      text: `timeout ${seconds(timeout.ms)} (${placeText(timeout.at)}); a delay of the same rule is not part of it`,
    });
  }
  if (retries) {
    const each = retries.perTry === undefined ? '' : `, ${seconds(retries.perTry)} each`;
    const most =
      retries.perTry === undefined
        ? ''
        : `: up to ${seconds(retries.perTry * (retries.attempts + 1))} in all`;
    facts.push({
      text:
        retries.attempts === 0
          ? 'no retries'
          : `up to ${retries.attempts} more tries${each}, on ${retries.on.join(', ')}${most}`,
    });
  }
  const slow = fault?.delay !== undefined || timeout !== undefined || answers.some(({ms}) => ms > 0);
  if (patience && slow) {
    const {ms, tries} = patience;
    const all = tries === 1 ? '' : ` for each of ${tries} tries: ${seconds(ms * tries)} in all`;
    facts.push({text: `${from.app} itself waits ${seconds(ms)}${all}`});
  }
  return facts;
}

/** How the sides speak, and who lets the call in: once for pods that are alike. */
function secured(hop: Hop): readonly string[] {
  const texts = hop.branches.flatMap(({tls, policy, to}) => {
    if (!tls || !to) return [];
    const let_ = policy?.allowed ? `; ${policyText(policy, to.app)}` : '';
    return [`${tlsText(tls, to)}${let_}`];
  });
  return [...new Set(texts)];
}

function uniqueRefusals(hop: Hop): readonly Fact[] {
  const facts = hop.branches.flatMap(({policy, to}) =>
    policy && !policy.allowed && to ? refusalFacts(policy, to.app) : [],
  );
  return facts.filter((fact, index) => facts.findIndex(({text}) => text === fact.text) === index);
}

function refusalFacts(policy: NonNullable<Hop['gatePolicy']>, to: string): readonly Fact[] {
  return [
    {text: policyText(policy, to)},
    ...policy.others.map(other => ({text: `${placeText(other)} ${other.because}`})),
  ];
}

function notAppliedFacts({notApplied}: Hop): readonly Fact[] {
  const shown = notApplied.slice(0, notAppliedShown);
  const more = notApplied.length - shown.length;
  return [
    ...shown.map(each => ({text: `not ${placeText(each)}: it ${each.because}`, quiet: true})),
    ...(more > 0 ? [{text: `and ${more} more that do not apply`, quiet: true}] : []),
  ];
}
