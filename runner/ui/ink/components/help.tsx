import {Box, Text} from 'ink';
import type {ReactNode} from 'react';
import type {Paint} from '../../paint.ts';
import {helpLines} from '../../screen/help-lines.ts';
import type {Model} from '../../view-model.ts';

/** All keys; those that do nothing now are faint. */
export function Help(props: {model: Model; paint: Paint; rows: number; width: number}): ReactNode {
  const {model, ...options} = props;
  return (
    <Box flexDirection="column" paddingX={1}>
      {helpLines(model, options).map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
        <Text key={index} wrap="truncate">
          {line === '' ? ' ' : line}
        </Text>
      ))}
    </Box>
  );
}
