import {Box, Text} from 'ink';
import type {ReactNode} from 'react';
import type {LabRecord} from '../../../state/state.ts';
import type {Paint} from '../../paint.ts';
import type {Model} from '../../view-model.ts';
import {count, duration, givenWords} from '../../words.ts';

/** What stands around the list of labs. */
const otherRows = 7;

/** The end: what was learnt, how long each lab took, what to read next, and how to clean up. */
export function Finish({model, paint, rows}: {model: Model; paint: Paint; rows: number}): ReactNode {
  const {labs, state} = model;
  const {labs: records} = state.progress;
  const done = labs.filter(({id}) => records[id]);
  const total = done.reduce((sum, {id}) => sum + (records[id]?.milliseconds ?? 0), 0);
  const what =
    done.length === labs.length
      ? `all ${count(labs.length, 'lab')}`
      : `${done.length} of ${count(labs.length, 'lab')}`;
  const height = Math.max(1, rows - otherRows);
  // What is left to do is what somebody may want to know.
  const listed = labs.length > height ? [...labs.filter(({id}) => !records[id]), ...done] : labs;
  const shown = listed.slice(0, labs.length > height ? height - 1 : height);
  return (
    <Box flexDirection="column" paddingX={1}>
      <Text wrap="truncate">{paint.title(`You have done ${what} in ${duration(total)}.`)}</Text>
      <Text> </Text>
      {shown.map(lab => {
        const record = records[lab.id];
        return (
          <Text key={lab.id} wrap="truncate">
            {record
              ? `${paint.good('✓')} ${lab.summary || lab.title}  ${paint.quiet(timeOf(record))}`
              : `  ${lab.number} ${lab.title}  ${paint.quiet('not done yet')}`}
          </Text>
        );
      })}
      {shown.length < labs.length && (
        <Text wrap="truncate">{paint.quiet(`  … and ${labs.length - shown.length} more: l lists all`)}</Text>
      )}
      <Text> </Text>
      <Text wrap="truncate">{`Read next  ${paint.link('https://istio.io/latest/docs/concepts/traffic-management/')}`}</Text>
      <Text wrap="truncate">{`           ${paint.link('https://istio.io/latest/docs/tasks/')}`}</Text>
      <Text wrap="truncate">{`Clean up   ${paint.command(`${model.program} reset --all`)}  ${paint.quiet('keeps your files')}`}</Text>
    </Box>
  );
}

function timeOf(record: LabRecord | undefined): string {
  return record?.status === 'given' ? givenWords : duration(record?.milliseconds ?? 0);
}
