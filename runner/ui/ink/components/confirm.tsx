import {Box, Text} from 'ink';
import type {ReactNode} from 'react';
import type {Paint} from '../../paint.ts';
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

function question(overlay: Overlay & {name: 'confirm'}, {labs, current}: Model): string {
  switch (overlay.what) {
    case 'solve':
      return 'Run the rest of this step for you, and check it?';
    case 'reset':
      return `Undo lab ${current?.lab.number ?? ''} and begin it again? Your files stay.`;
    case 'jump': {
      const numbers = overlay.first.map(id => labs.find(lab => lab.id === id)?.number);
      const lab = labs.find(({id}) => id === overlay.lab);
      return `Lab ${lab?.number} needs ${numbers.length === 1 ? 'lab' : 'labs'} ${numbers.join(', ')}. Solve ${numbers.length === 1 ? 'it' : 'them'} for you first?`;
    }
  }
}
