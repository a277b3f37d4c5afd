import {Box, Text} from 'ink';
import type {ReactNode} from 'react';
import type {LabRecord} from '../../../engine/state.ts';
import type {Paint} from '../../paint.ts';
import type {Model} from '../../view-model.ts';
import {duration, givenWords} from '../../words.ts';

/** The end: what was learnt, how long each lab took, what to read next, and how to clean up. */
export function Finish({model, paint, rows}: {model: Model; paint: Paint; rows: number}): ReactNode {
  const {labs, state} = model;
  const total = labs.reduce((sum, {id}) => sum + (state.progress.labs[id]?.milliseconds ?? 0), 0);
  return (
    <Box flexDirection="column" paddingX={1}>
      <Text>{paint.title(`You have done all ${labs.length} labs in ${duration(total)}.`)}</Text>
      <Text> </Text>
      {labs.slice(0, Math.max(1, rows - 8)).map(lab => (
        <Text key={lab.id} wrap="truncate">
          {`${paint.good('✓')} ${lab.summary || lab.title}  ${paint.quiet(timeOf(state.progress.labs[lab.id]))}`}
        </Text>
      ))}
      <Text> </Text>
      <Text wrap="truncate">{`Read next  ${paint.link('https://istio.io/latest/docs/concepts/traffic-management/')}`}</Text>
      <Text wrap="truncate">{`           ${paint.link('https://istio.io/latest/docs/tasks/')}`}</Text>
      <Text wrap="truncate">{`Clean up   ${paint.command('istio-workshop reset --all')}  ${paint.quiet('keeps your files')}`}</Text>
    </Box>
  );
}

function timeOf(record: LabRecord | undefined): string {
  return record?.status === 'given' ? givenWords : duration(record?.milliseconds ?? 0);
}
