import {stripVTControlCharacters} from 'node:util';
import type {CheckBlock, Condition, EngineName, Lab, Place} from '../catalog/lab.ts';
import type {Problem} from '../catalog/problem.ts';
import {labelOf} from '../checks/label.ts';
import {type ConditionResult, type Verdict, verdictOf} from '../checks/result.ts';
import {remedyText} from '../errors.ts';
import type {SessionEvent} from '../session/events.ts';
import {runnableBlocks} from '../state/plan.ts';
import {createPaint} from '../ui/paint.ts';
import {outputLines} from '../ui/step/output-lines.ts';
import {wayLines} from '../ui/way/way-lines.ts';
import {checksOf, countConditions} from './counts.ts';
import {reportVersion} from './report-version.ts';
import type {
  CheckRecord,
  CommandRecord,
  ConditionRecord,
  LabRecord,
  RunRecord,
  StepRecord,
} from './schema.ts';

export interface RecordOptions {
  /** What was run, as somebody would type it: `run --all --ci`. */
  command: string;
  engine: EngineName;
  /** The labs there are; those of `session-started` that are among them are told with all their conditions. */
  labs: readonly Lab[];
  /** What is known at the start: of us, Node and the platform. */
  versions: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  startedAt: number;
  /** A path as the report should name it: inside its folder. */
  fileOf?(path: string): string;
}

/** The record of a run as far as it is. */
export interface RunRecorder {
  /** @param at when it happened, in milliseconds since the epoch */
  add(event: SessionEvent, at: number): void;
  record(): RunRecord;
}

/** More of a command's output would be read by nobody. */
const outputKept = 16 * 1024;

/**
 * Builds the record of a run from what happened, and from nothing else. Any command that tells these events gets a
 * report: `session-started` plans its labs; `lab-started`, `check-started`, `observed`, `condition-finished` and
 * `check-finished` fill them; `session-finished` completes it. A check of a lab that was never planned gets a lab of its own.
 */
export function createRecorder(options: RecordOptions): RunRecorder {
  const {engine, fileOf = path => path} = options;
  const paint = createPaint(false);
  const iso = (at: number): string => new Date(at).toISOString();
  const labs = new Map<string, LabRecord>();
  /** Of the lab that goes on: its records by their blocks. */
  const checks = new Map<string, CheckRecord>();
  const commands = new Map<string, CommandRecord>();
  const run: RunRecord = {
    $schema: './report.schema.json',
    report: reportVersion,
    command: options.command,
    complete: false,
    outcome: 'running',
    startedAt: iso(options.startedAt),
    updatedAt: iso(options.startedAt),
    milliseconds: 0,
    workshop: '',
    engine: {name: engine, title: engine, simulated: false},
    versions: {...options.versions},
    counts: countConditions([]),
    labs: [],
    notes: [],
    problems: [],
  };
  let current: LabRecord | undefined;
  let step: StepRecord | undefined;

  function plan(lab: Lab): LabRecord {
    const planned = labs.get(lab.id);
    const record: LabRecord = {
      id: lab.id,
      number: lab.number,
      title: lab.title,
      file: lab.place.file,
      state: 'not-run',
      attempts: planned?.attempts ?? 0,
      steps: lab.steps.map(({title}, index) => ({number: index + 1, title, items: []})),
    };
    for (const [index, {title: _, ...each}] of lab.steps.entries()) {
      for (const block of runnableBlocks({title: '', ...each}, engine)) {
        if (block.kind !== 'check') continue;
        record.steps[index]?.items.push(plannedCheck(block));
      }
    }
    labs.set(lab.id, record);
    return record;
  }

  /** A lab that is told of without having been planned. */
  function labNamed(id: string): LabRecord {
    const known = labs.get(id);
    if (known) return known;
    const lab = options.labs.find(each => each.id === id);
    if (lab) return plan(lab);
    const record: LabRecord = {
      id,
      number: labs.size + 1,
      title: id,
      state: 'running',
      attempts: 1,
      steps: [{number: 1, title: '', items: []}],
    };
    labs.set(id, record);
    return record;
  }

  function begin(lab: Lab, at: number): void {
    current = plan(lab);
    checks.clear();
    commands.clear();
    current.state = 'running';
    current.attempts += 1;
    delete current.milliseconds;
    current.startedAt = iso(at);
    for (const [index, each] of lab.steps.entries()) {
      const planned = current.steps[index]?.items.filter(item => item.kind === 'check') ?? [];
      const blocks = runnableBlocks(each, engine).filter(block => block.kind === 'check');
      for (const [nth, block] of blocks.entries()) {
        const check = planned[nth];
        if (check) checks.set(block.id, check);
      }
    }
    step = current.steps[0];
  }

  /** Commands and files stand before the check of their step, as they are done. */
  function addItem(item: StepRecord['items'][number]): void {
    if (!step) return;
    const check = step.items.findIndex(each => each.kind === 'check' && each.attempts === 0);
    step.items.splice(check < 0 ? step.items.length : check, 0, item);
  }

  function checkStarted(event: SessionEvent & {type: 'check-started'}, at: number): void {
    const lab = labNamed(event.lab);
    if (lab !== current) {
      current = lab;
      checks.clear();
      commands.clear();
      lab.startedAt ??= iso(at);
    }
    let check = checks.get(event.block);
    if (!check) {
      check = {kind: 'check', state: 'running', attempts: 0, conditions: []};
      checks.set(event.block, check);
      (step && current.steps.includes(step) ? step : current.steps[0])?.items.push(check);
    }
    const known = check.conditions;
    check.conditions = event.labels.map((label, index) => ({
      ...unseen(),
      kind: known[index]?.kind ?? 'condition',
      ...(known[index]?.place ? {place: known[index].place} : {}),
      label,
    }));
    check.attempts += 1;
    check.state = 'running';
    check.startedAt = iso(at);
    look(check, 0, at);
  }

  function look(check: CheckRecord, index: number, at: number): void {
    const condition = check.conditions[index];
    if (!condition) return;
    condition.state = 'running';
    condition.startedAt = iso(at);
  }

  function conditionFinished(event: SessionEvent & {type: 'condition-finished'}, at: number): void {
    const check = checks.get(event.block);
    const condition = check?.conditions[event.index];
    if (!check || !condition) return;
    Object.assign(condition, conditionOf(event.result));
    look(check, event.index + 1, at);
  }

  function conditionOf(result: ConditionResult): Partial<ConditionRecord> {
    const {verdict, label, expected, seen, milliseconds, settled, way} = result;
    return {
      state: verdict,
      label,
      expected,
      seen,
      milliseconds,
      ...(verdict === 'passed' ? {trueAfter: settled?.after ?? milliseconds} : {}),
      ...(settled ? {settledBy: settled.by} : {}),
      ...(verdict === 'unknown' ? {reason: seen} : {}),
      rows: (result.rows ?? []).map(row => ({...row, stars: [...row.stars]})),
      notes: [...(result.notes ?? [])],
      why: (result.why ?? []).map(cause => ({...cause})),
      remedies: (result.remedies ?? []).map(remedy => remedyText(remedy)),
      ...(way
        ? {
            way: {
              visitor: way.visitor,
              path: way.path,
              lines: [...wayLines(way, {width: 100, paint})],
              tree: way as unknown as Record<string, unknown>,
            },
          }
        : {}),
      pictures: (result.pictures ?? []).map(({path, html, ...rest}) => ({
        ...rest,
        file: fileOf(path),
        ...(html === undefined ? {} : {html: fileOf(html)}),
      })),
      traces: (result.traces ?? []).map(({visitor, path, loads}) => ({
        visitor,
        file: fileOf(path),
        loads: [...loads],
      })),
      proxyLogs: (result.proxyLogs ?? []).map(log => ({...log, lines: [...log.lines]})),
    };
  }

  function observed(event: SessionEvent & {type: 'observed'}, at: number): void {
    const condition = checks.get(event.block)?.conditions[event.index];
    const {observation, phase, right} = event;
    condition?.observations.push({
      phase,
      right,
      at: at - options.startedAt,
      ...observation,
      filledStars: [...observation.filledStars],
      colours: [...observation.colours],
      markupColours: [...observation.markupColours],
      errors: [...observation.errors],
      failedStatic: [...observation.failedStatic],
    });
  }

  function commandFinished(event: SessionEvent & {type: 'command-finished'}, at: number): void {
    const command = commands.get(event.block);
    if (!command) return;
    Object.assign(command, {
      state: event.ok ? 'done' : 'failed',
      milliseconds: event.milliseconds,
      exitCode: event.exitCode,
      wanted: event.wanted,
      output: stripVTControlCharacters(outputLines(command.output, Number.POSITIVE_INFINITY).join('\n')),
      ...(event.problem === undefined ? {} : {problem: event.problem}),
      ...(event.remark === undefined ? {} : {remark: event.remark}),
    } satisfies Partial<CommandRecord>);
    if (event.ok || !current) return;
    blame(current, command);
    stopLab(current, 'failed', at);
  }

  /** Nothing more comes of this lab, unless it is begun again. */
  function stopLab(lab: LabRecord, state: Verdict, at: number): void {
    lab.state = state;
    lab.milliseconds = at - Date.parse(lab.startedAt ?? iso(at));
  }

  /** What comes behind a command that failed could not be looked at: the check of its step, and no other. */
  function blame(lab: LabRecord, command: CommandRecord): void {
    const from = lab.steps.findIndex(({items}) => items.includes(command));
    const next = lab.steps
      .slice(Math.max(0, from))
      .flatMap(({items}) => items)
      .find(item => item.kind === 'check' && item.attempts === 0);
    if (next?.kind !== 'check') return;
    next.state = 'unknown';
    for (const condition of next.conditions) {
      condition.state = 'unknown';
      condition.reason = `"${command.text.trim()}" failed before: ${command.problem ?? ''}`;
    }
  }

  function problem(event: SessionEvent & {type: 'problem'}): void {
    const {code, message, detail, remedies, exitCode, cause} = event.error;
    run.problems.push({
      code,
      message,
      ...(detail === undefined ? {} : {detail}),
      remedies: remedies.map(remedy => remedyText(remedy)),
      exitCode,
      ...(current ? {lab: current.id} : {}),
      faults: faultsIn(cause),
    });
  }

  function finished(event: SessionEvent & {type: 'session-finished'}): void {
    run.complete = true;
    run.outcome = event.outcome === 'quit' ? 'interrupted' : event.outcome;
    for (const {lab: id, verdict, milliseconds} of event.labs) {
      const lab = labs.get(id);
      if (!lab) continue;
      lab.state = verdict;
      if (milliseconds > 0) lab.milliseconds = milliseconds;
    }
    // Of others, their checks say what became of them.
    for (const lab of labs.values()) {
      if (lab.state === 'running') lab.state = verdictOf(checksOf(lab).map(asVerdict));
    }
  }

  return {
    add(event, at) {
      run.updatedAt = iso(at);
      run.milliseconds = at - options.startedAt;
      switch (event.type) {
        case 'session-started': {
          run.workshop = event.workshop;
          run.engine = {name: engine, title: event.engine, simulated: event.simulated};
          for (const id of event.labs) labNamed(id);
          return;
        }
        case 'versions':
          Object.assign(run.versions, event.versions);
          return;
        case 'lab-started':
          return begin(event.lab, at);
        case 'step-started':
          step = current?.steps[event.step];
          return;
        case 'command-started': {
          const place = placeOf(options.labs, event.lab, event.block);
          const command: CommandRecord = {
            kind: 'command',
            text: event.text,
            ...(place ? {place} : {}),
            state: 'running',
            background: event.background,
            startedAt: iso(at),
            output: '',
          };
          commands.set(event.block, command);
          return addItem(command);
        }
        case 'command-output': {
          const command = commands.get(event.block);
          if (command?.state === 'running') command.output = (command.output + event.text).slice(-outputKept);
          return;
        }
        case 'command-finished':
          return commandFinished(event, at);
        case 'routed': {
          const {milliseconds, proxies} = event;
          Object.assign(commands.get(event.block) ?? {}, {routed: {milliseconds, proxies}});
          return;
        }
        case 'file-written':
          return addItem({
            kind: 'file',
            name: event.name,
            change: event.change,
            ...(event.diff === undefined ? {} : {diff: event.diff}),
          });
        case 'check-started':
          return event.quiet ? undefined : checkStarted(event, at);
        case 'observed':
          return observed(event, at);
        case 'condition-finished':
          return event.quiet ? undefined : conditionFinished(event, at);
        case 'check-finished': {
          const check = checks.get(event.block);
          if (!check || event.quiet) return;
          check.state = event.verdict;
          check.milliseconds = event.milliseconds;
          if (current && event.verdict !== 'passed') stopLab(current, event.verdict, at);
          return;
        }
        case 'lab-passed': {
          const lab = labs.get(event.lab);
          if (lab) Object.assign(lab, {state: 'passed', milliseconds: event.milliseconds});
          return;
        }
        case 'problem':
          return problem(event);
        case 'note':
        case 'cluster-notice':
          run.notes.push({at: iso(at), text: event.text});
          return;
        case 'session-finished':
          return finished(event);
        default:
          return;
      }
    },
    record() {
      const all = [...labs.values()];
      return {...run, labs: all, counts: countConditions(all)};
    },
  };
}

/** A condition of which nothing is known yet. */
function unseen(): Omit<ConditionRecord, 'label' | 'kind'> {
  return {
    state: 'not-run',
    rows: [],
    notes: [],
    why: [],
    remedies: [],
    pictures: [],
    traces: [],
    proxyLogs: [],
    observations: [],
  };
}

function asVerdict({state}: CheckRecord): {verdict: Verdict} {
  return {verdict: state === 'passed' || state === 'failed' ? state : 'unknown'};
}

function plannedCheck(block: CheckBlock): CheckRecord {
  return {
    kind: 'check',
    state: 'not-run',
    attempts: 0,
    conditions: block.conditions.map(condition => ({
      ...unseen(),
      label: labelOf(condition),
      kind: condition.kind,
      place: linePlace(condition),
    })),
  };
}

function linePlace({place: {file, line}}: Pick<Condition, 'place'>): Place {
  return {file, line};
}

function placeOf(labs: readonly Lab[], id: string, block: string): Place | undefined {
  const lab = labs.find(each => each.id === id);
  const blocks = [...(lab?.steps.flatMap(({blocks}) => blocks) ?? []), ...(lab?.reset ?? [])];
  const found = blocks.find(each => 'id' in each && each.id === block);
  if (!found || !('place' in found)) return undefined;
  return linePlace(found);
}

/** What is wrong with labs that can't be read, where the error knows it line by line. */
function faultsIn(cause: unknown): {place: Place; message: string; fix: string}[] {
  if (!Array.isArray(cause)) return [];
  return (cause as readonly Problem[]).map(({place, message, fix}) => ({
    place: linePlace({place}),
    message,
    fix,
  }));
}
