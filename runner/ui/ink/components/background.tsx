import {Box, Text} from 'ink';
import type {ReactNode} from 'react';
import type {Paint} from '../../paint.ts';
import type {Model} from '../../view-model.ts';
import {backgroundWords} from '../../words.ts';

const signs = {up: '✓', down: '…', stopped: '–'} as const;
const styles = {up: 'good', down: 'waiting', stopped: 'quiet'} as const;

/** What goes on in the background; the chosen one can be stopped or started. */
export function Background(props: {model: Model; selected: number; paint: Paint; rows: number}): ReactNode {
  const {model, selected, paint, rows} = props;
  const height = Math.max(1, Math.floor((rows - 3) / 2));
  const top = Math.max(0, Math.min(model.background.length - height, selected - Math.floor(height / 2)));
  const chosen = model.background[selected];
  return (
    <Box flexDirection="column" paddingX={1}>
      <Text>{paint.title('In the background')}</Text>
      {model.background.slice(top, top + height).map(({command, state}) => (
        <Box key={command} flexDirection="column">
          <Text wrap="truncate">
            {`${command === chosen?.command ? '❯' : ' '} ${paint[styles[state]](signs[state])} ${backgroundWords[state]}`}
          </Text>
          <Text wrap="truncate">{`    ${paint.command('$')} ${command}`}</Text>
        </Box>
      ))}
      <Text wrap="truncate">
        {`${paint.key('⏎')} ${paint.quiet(chosen?.state === 'stopped' ? 'start it' : 'stop it')}  ${paint.key('↑↓')} ${paint.quiet('choose')}  ${paint.key('Esc')} ${paint.quiet('back')}`}
      </Text>
    </Box>
  );
}
