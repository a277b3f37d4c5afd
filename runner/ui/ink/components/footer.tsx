import {Box, Text} from 'ink';
import type {ReactNode} from 'react';
import type {Paint} from '../../paint.ts';
import {footerGap, footerKeys} from '../../screen/footer.ts';
import type {Model} from '../../view-model.ts';

/** The keys that work now, as many as fit; the help has them all. */
export function Footer({model, paint, width}: {model: Model; paint: Paint; width: number}): ReactNode {
  const keys = footerKeys(model, width).map(key => `${paint.key(key.shown)} ${paint.quiet(key.word(model))}`);
  return (
    <Box paddingX={1}>
      <Text wrap="truncate">{keys.join(footerGap)}</Text>
    </Box>
  );
}
