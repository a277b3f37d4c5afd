import stringWidth from 'fast-string-width';
import {Box, Text} from 'ink';
import type {ReactNode} from 'react';
import type {Paint} from '../../paint.ts';
import {type KeyBinding, workingKeys} from '../../screen/keys.ts';
import type {Model} from '../../view-model.ts';

const gap = '  ';

/** The keys that work now, as many as fit; the help has them all. */
export function Footer({model, paint, width}: {model: Model; paint: Paint; width: number}): ReactNode {
  const keys = workingKeys(model);
  const last = keys.filter(({command}) => command === 'more' || command === 'quit');
  const first = keys.filter(key => !last.includes(key) && key.command !== 'fold');
  const shown = fitting(first, last, model, width);
  return (
    <Box paddingX={1}>
      <Text wrap="truncate">
        {shown.map(key => `${paint.key(key.shown)} ${paint.quiet(key.word(model))}`).join(gap)}
      </Text>
    </Box>
  );
}

function fitting(
  first: readonly KeyBinding[],
  last: readonly KeyBinding[],
  model: Model,
  width: number,
): readonly KeyBinding[] {
  for (let count = first.length; count > 0; count -= 1) {
    const shown = [...first.slice(0, count), ...last];
    const text = shown.map(key => `${key.shown} ${key.word(model)}`).join(gap);
    if (stringWidth(text) <= width) return shown;
  }
  return last;
}
