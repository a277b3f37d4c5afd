import type {Lab} from '../../catalog/lab.ts';
import {type ExitCode, exitCodes} from '../../errors.ts';
import type {LabRecord, Progress} from '../../state/state.ts';
import {jsonLine} from '../../ui/json/json-line.ts';
import {createPaint} from '../../ui/paint.ts';
import {cleanData} from '../../ui/text/clean-text.ts';
import {duration, givenWords} from '../../ui/words.ts';
import {openApp} from '../app.ts';
import type {Io} from '../io.ts';
import type {GlobalOptions} from '../options.ts';
import {viewChoice} from '../view-choice.ts';

/** `list`: the labs, and how far this workshop is in them. */
export async function list(io: Io, options: GlobalOptions): Promise<ExitCode> {
  const app = await openApp(io, options);
  const progress = await app.store.readProgress();
  const choice = viewChoice(io, options, true);
  for (const lab of app.labs) {
    const line =
      choice.view === 'json'
        ? jsonLine(asData(lab, progress))
        : asText(cleanData(lab), progress, choice.colour);
    io.stdout.write(`${line}\n`);
  }
  return exitCodes.passed;
}

function asData(lab: Lab, progress: Progress): object {
  const {number, id, title, summary, minutes, needs} = lab;
  const record = progress.labs[id];
  return {
    number,
    id,
    title,
    summary,
    minutes,
    needs,
    status: record?.status ?? 'open',
    ...(record ? {passedAt: record.passedAt} : {}),
  };
}

function recordText({status, milliseconds}: LabRecord): string {
  if (status === 'given') return givenWords;
  return `passed in ${duration(milliseconds)}${status === 'replaced' ? ', replaced by a later lab' : ''}`;
}

function asText(lab: Lab, progress: Progress, colour: boolean): string {
  const paint = createPaint(colour);
  const record = progress.labs[lab.id];
  const sign = record ? paint.good('✓') : ' ';
  const state = record ? recordText(record) : `about ${lab.minutes} min`;
  return `${sign} ${String(lab.number).padStart(2, '0')}  ${lab.title.padEnd(44)} ${paint.quiet(lab.id.padEnd(18))} ${paint.quiet(state)}`;
}
