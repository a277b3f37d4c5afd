import {Box, Text} from 'ink';
import type {ReactNode} from 'react';
import type {Paint} from '../../paint.ts';
import {question} from '../../screen/question.ts';
import type {Overlay} from '../../screen/screen.ts';
import type {Model} from '../../view-model.ts';

/** One question, answered by one key. */
export function Confirm(props: {
  overlay: Overlay & {name: 'confirm'};
  model: Model;
  paint: Paint;
}): ReactNode {
  const {overlay, model, paint} = props;
  return (
    <Box flexDirection="column" paddingX={1}>
      <Text wrap="wrap">{paint.waiting(question(overlay, model))}</Text>
      <Text>
        {`${paint.key('⏎')} ${paint.quiet('or')} ${paint.key('y')} ${paint.quiet('yes')}  ${paint.key('any other key')} ${paint.quiet('no')}`}
      </Text>
    </Box>
  );
}
