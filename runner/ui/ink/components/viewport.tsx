import {Box, Text} from 'ink';
import type {ReactNode} from 'react';
import type {Paint} from '../../paint.ts';
import type {Body} from '../frame.ts';

/** The lines of a step that are in view; says how much lies above and below. */
export function Viewport({body, paint}: {body: Body; paint: Paint}): ReactNode {
  const {lines, top, height} = body;
  const shown = lines.slice(top, top + height);
  const below = lines.length - top - height;
  const marks = [top > 0 ? `↑ ${top}` : '', below > 0 ? `↓ ${below} more` : ''].filter(Boolean).join('  ');
  return (
    <Box flexDirection="column" paddingX={1}>
      {shown.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
        <Text key={index} wrap="truncate">
          {line === '' ? ' ' : line}
        </Text>
      ))}
      <Text wrap="truncate">{marks === '' ? ' ' : paint.quiet(marks)}</Text>
    </Box>
  );
}
