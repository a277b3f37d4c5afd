import {Box, Text} from 'ink';
import type {ReactNode} from 'react';
import type {Paint} from '../../paint.ts';
import type {Model} from '../../view-model.ts';
import {duration, givenWords} from '../../words.ts';

/** The labs and how far the learner is; the chosen one is jumped to. */
export function Labs(props: {model: Model; selected: number; paint: Paint; rows: number}): ReactNode {
  const {model, selected, paint, rows} = props;
  const height = Math.max(1, rows - 3);
  const top = Math.max(0, Math.min(model.labs.length - height, selected - Math.floor(height / 2)));
  const chosen = model.labs[selected];
  return (
    <Box flexDirection="column" paddingX={1}>
      {model.labs.slice(top, top + height).map(lab => {
        const record = model.state.progress.labs[lab.id];
        const mark = lab === chosen ? '❯' : ' ';
        const sign = record ? paint.good('✓') : ' ';
        const state =
          record?.status === 'given'
            ? givenWords
            : record
              ? `${duration(record.milliseconds)}${record.status === 'replaced' ? ', replaced since' : ''}`
              : `about ${lab.minutes} min`;
        const title = `${String(lab.number).padStart(2)} ${lab.title}`;
        return (
          <Text key={lab.id} wrap="truncate">
            {`${mark} ${sign} ${lab === chosen ? paint.title(title) : title}  ${paint.quiet(state)}`}
          </Text>
        );
      })}
      <Text wrap="truncate">{paint.quiet(chosen?.summary ?? '')}</Text>
      <Text wrap="truncate">
        {`${paint.key('⏎')} ${paint.quiet('go there')}  ${paint.key('↑↓')} ${paint.quiet('choose')}  ${paint.key('Esc')} ${paint.quiet('back')}`}
      </Text>
    </Box>
  );
}
