import stringWidth from 'fast-string-width';
import {Box, Text} from 'ink';
import type {ReactNode} from 'react';
import type {Paint} from '../../paint.ts';
import type {Line} from '../../screen/line-edit.ts';

/** A command being typed, with the cursor drawn into it and what Tab could make of it. */
export function CommandLine(props: {
  line: Line;
  candidates: readonly string[];
  paint: Paint;
  width: number;
}): ReactNode {
  const {line, candidates, paint, width} = props;
  const before = tail(line.text.slice(0, line.cursor), width - 4);
  const [at = ' ', ...after] = line.text.slice(line.cursor);
  return (
    <Box flexDirection="column" paddingX={1}>
      <Text wrap="truncate">
        {`${paint.command('$')} ${before}${paint.colour ? paint.chosen(at) : `▏${at}`}${after.join('')}`}
      </Text>
      <Text wrap="truncate">
        {candidates.length > 0
          ? candidates.join('  ')
          : `${paint.key('⏎')} ${paint.quiet('run')}  ${paint.key('Tab')} ${paint.quiet('complete')}  ${paint.key('↑↓')} ${paint.quiet('history')}  ${paint.key('Esc')} ${paint.quiet('back')}`}
      </Text>
    </Box>
  );
}

/** The end of a text that fits into `width`: the cursor must stay in view. */
function tail(text: string, width: number): string {
  let shown = text;
  while (stringWidth(shown) > width) shown = shown.slice(1);
  return shown;
}
