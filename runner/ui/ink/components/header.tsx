import {Box, Text} from 'ink';
import type {ReactNode} from 'react';
import type {Paint} from '../../paint.ts';
import type {Model} from '../../view-model.ts';

/** Where the learner is: engine and progress above, lab and step below, then what has to be known of the cluster. */
export function Header({model, paint, columns}: {model: Model; paint: Paint; columns: number}): ReactNode {
  const {state, labs} = model;
  const position =
    state.situation === 'in-step' ? state.position : 'goal' in state ? state.goal.position : undefined;
  const lab = labs.find(({id}) => id === position?.lab);
  const passed = labs.filter(({id}) => state.progress.labs[id]).length;
  const bar = '▰'.repeat(passed) + '▱'.repeat(labs.length - passed);
  const left = ['istio-workshop', model.engineTitle].filter(Boolean).join(' · ');
  const folder = columns >= left.length + model.workFolder.length + 30 ? ` · ${model.workFolder}` : '';
  return (
    <Box flexDirection="column" paddingX={1}>
      <Box justifyContent="space-between">
        <Text wrap="truncate">{paint.quiet(left + folder)}</Text>
        <Box flexShrink={0}>
          <Text>{` ${passed} of ${labs.length} ${paint.good(bar)}`}</Text>
        </Box>
      </Box>
      {lab && position && (
        <Box justifyContent="space-between">
          <Text wrap="truncate">{paint.title(`Lab ${lab.number} · ${lab.title}`)}</Text>
          <Box flexShrink={0}>
            <Text>{paint.quiet(` step ${position.step + 1} of ${lab.steps.length}`)}</Text>
          </Box>
        </Box>
      )}
      <Text wrap="truncate">{model.clusterNotice ? paint.bad(`! ${model.clusterNotice}`) : ' '}</Text>
    </Box>
  );
}
