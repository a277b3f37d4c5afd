import {Box, Text} from 'ink';
import type {ReactNode} from 'react';
import type {EngineName} from '../../../catalog/lab.ts';
import type {Paint} from '../../paint.ts';
import {stepLines} from '../../step/step-lines.ts';
import type {StepView} from '../../view-model.ts';

/** A step that is over, whole and unfolded: printed once, above everything that still changes. */
export function FinishedStep(props: {
  step: StepView;
  engine: EngineName;
  paint: Paint;
  width: number;
}): ReactNode {
  const {step, engine, paint, width} = props;
  const {lines} = stepLines(step, {width, paint, now: 0, fold: false, engine});
  return (
    <Box flexDirection="column" paddingX={1} paddingBottom={1}>
      <Text wrap="truncate">
        {paint.quiet(
          `Lab ${step.lab.number} · ${step.lab.title} · step ${step.step + 1} of ${step.lab.steps.length}`,
        )}
      </Text>
      <Text> </Text>
      <Text>{lines.join('\n')}</Text>
    </Box>
  );
}
