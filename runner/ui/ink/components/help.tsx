import {Box, Text} from 'ink';
import type {ReactNode} from 'react';
import type {Paint} from '../../paint.ts';
import {keyTable} from '../../screen/keys.ts';
import type {Model} from '../../view-model.ts';

/** All keys; those that do nothing now are faint. */
export function Help({model, paint, rows}: {model: Model; paint: Paint; rows: number}): ReactNode {
  const shown = keyTable.slice(0, Math.max(1, rows - 3));
  return (
    <Box flexDirection="column" paddingX={1}>
      {shown.map(binding => {
        const line = `${binding.shown.padEnd(7)} ${binding.help}`;
        return (
          <Text key={binding.command} wrap="truncate">
            {binding.works(model) ? line : paint.quiet(line)}
          </Text>
        );
      })}
      <Text wrap="truncate">{'↑ ↓ PgUp PgDn Space  scroll'}</Text>
      <Text wrap="truncate">{paint.quiet(`your files: ${model.workFolder}   any key goes back`)}</Text>
    </Box>
  );
}
