import {existsSync} from 'node:fs';
import {rename, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {asDiskError} from '../errors.ts';
import {makeFolder} from '../make-folder.ts';
import {redactData} from '../redact.ts';
import type {SessionEvent, View} from '../session/events.ts';
import {redactingView} from '../session/redacting-view.ts';
import {htmlReport} from './html.ts';
import {jsonReport} from './json.ts';
import {junitReport} from './junit.ts';
import {markdownReport} from './markdown.ts';
import {createRecorder, type RecordOptions} from './record.ts';
import schema from './report-1.schema.json' with {type: 'json'};
import {sarifReport} from './sarif.ts';
import type {ConditionRecord, RunRecord} from './schema.ts';

export interface ReportFolderOptions extends Omit<RecordOptions, 'fileOf'> {
  folder: string;
  /** Milliseconds since the epoch. */
  now(): number;
  /** At least so many milliseconds lie between two writings. @default 1000 */
  pause?: number;
}

/** A view that leaves a report. */
export interface ReportView extends View {
  /** Where the pictures, pages and traces of the checks are kept: for {@link App.createExecutor}. */
  readonly evidenceFolder: string;
  /** What is known now, as it is written: without secrets, and only with files that are there. */
  record(): RunRecord;
  /** Writes what is there now, whole. @throws what keeps it from being written */
  close(): Promise<void>;
}

const pauseMilliseconds = 1000;

/** What is written, each from the same record. */
const writers: Readonly<Record<string, (record: RunRecord) => string>> = {
  'report.json': jsonReport,
  'junit.xml': junitReport,
  'report.md': markdownReport,
  'report.sarif': sarifReport,
  'index.html': htmlReport,
};

/**
 * Writes the report of a run into a folder while it goes on: after each condition, at most once in `pause`. Each file
 * is put in place whole, so that at any moment, after kill -9 too, the folder holds a valid report of what was seen.
 *
 * A command gets a report by telling its events to it beside its own view, and by having the executor keep what it needs
 * (`reports: true`). In `runner/cli` that is:
 *
 * ```ts
 * const asked = {engine: app.engine.name, labs: app.labs};
 * const report = await reportFor(io, {asked, options, words: ['run']});
 * const view = teeView([lineView(io, choice), ...(report ? [report] : [])]);
 * const executor = app.createExecutor(view, {
 *   loads,
 *   ...(report ? {evidenceFolder: report.evidenceFolder, reports: true} : {}),
 * });
 * // … the command's own work, told to `view`: see createRecorder for the events that count …
 * await view.close();
 * ```
 * @throws where the folder can't be written: before anything has been done.
 */
export async function openReport(options: ReportFolderOptions): Promise<ReportView> {
  const {folder, now, pause = pauseMilliseconds} = options;
  const fileOf = (file: string): string => path.relative(folder, file).split(path.sep).join('/');
  const recorder = createRecorder({...options, fileOf});
  const put = createPutter(folder);
  let timer: NodeJS.Timeout | undefined;
  let writtenAt = 0;
  let writing: Promise<void> = Promise.resolve();
  let fault: unknown;

  const record = (): RunRecord => redactData(onlyWhatIsThere(recorder.record(), folder));

  async function write(): Promise<void> {
    const now = record();
    for (const [file, text] of Object.entries(writers)) await put(file, text(now));
  }

  function writeNow(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.then(write).then(
      () => {
        fault = undefined;
      },
      error => {
        // The run goes on without its report; whoever closes it is told.
        fault = error;
      },
    );
    return writing.finally(() => {
      writtenAt = performance.now();
    });
  }

  function writeSoon(): void {
    timer ??= setTimeout(() => void writeNow(), Math.max(0, writtenAt + pause - performance.now()));
  }

  await makeFolder(folder);
  await put('report.schema.json', `${JSON.stringify(schema, null, 1)}\n`);
  await write();

  const view = redactingView({
    event(event) {
      recorder.add(event, now());
      if (changesReport(event)) writeSoon();
    },
    async close() {
      await writeNow();
      if (fault !== undefined) throw asDiskError(fault, folder) ?? fault;
    },
  });
  return {...view, evidenceFolder: path.join(folder, 'evidence'), record};
}

/** Puts files in place whole. */
function createPutter(folder: string): (file: string, content: string) => Promise<void> {
  return async (file, content) => {
    const partial = path.join(folder, `.${file}.partial`);
    await writeFile(partial, content);
    await rename(partial, path.join(folder, file));
  };
}

/** What somebody would miss in a report that ends here. */
function changesReport({type}: SessionEvent): boolean {
  return [
    'session-started',
    'lab-started',
    'command-finished',
    'check-started',
    'condition-finished',
    'check-finished',
    'lab-passed',
    'versions',
    'problem',
    'session-finished',
  ].includes(type);
}

/** Pictures are written behind their check: until then nothing may lead to them. */
function onlyWhatIsThere(record: RunRecord, folder: string): RunRecord {
  const isThere = (file: string): boolean => existsSync(path.join(folder, file));
  const kept = (condition: ConditionRecord): ConditionRecord => ({
    ...condition,
    pictures: condition.pictures
      .filter(({file}) => isThere(file))
      .map(({html, ...picture}) => ({...picture, ...(html !== undefined && isThere(html) ? {html} : {})})),
    traces: condition.traces.filter(({file}) => isThere(file)),
  });
  return {
    ...record,
    labs: record.labs.map(lab => ({
      ...lab,
      steps: lab.steps.map(step => ({
        ...step,
        items: step.items.map(item =>
          item.kind === 'check' ? {...item, conditions: item.conditions.map(kept)} : item,
        ),
      })),
    })),
  };
}
