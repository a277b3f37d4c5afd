import type {Focus} from '../step/step-lines.ts';

/** Windows below this get one sentence instead of a broken screen. */
export const smallest = {columns: 60, rows: 16} as const;

/** What of the window is left free: a frame as tall as the window would clear the scroll-back. */
const spareRows = 2;

/** The header, and the empty line below it. */
const headerRows = 3;

/** What lies below the step: how much of it is out of view, the status and the keys. */
const footerRows = 3;

export interface Layout {
  tooSmall: boolean;
  columns: number;
  /** Columns of text, with a margin of one at each side. */
  width: number;
  /** Lines of the step that can be shown at once. */
  bodyRows: number;
  /** Lines that there are for what takes the place of the step and of all below it. */
  overlayRows: number;
}

/** How a window is divided; pure, so that every size can be tested. */
export function layoutFor({columns, rows}: {columns: number; rows: number}): Layout {
  return {
    tooSmall: columns < smallest.columns || rows < smallest.rows,
    columns,
    width: Math.min(columns - 2, 110),
    bodyRows: Math.max(1, rows - spareRows - headerRows - footerRows),
    overlayRows: Math.max(1, rows - spareRows - headerRows),
  };
}

/** The first line to show: where the learner scrolled to, else so that what happens now is in view. */
export function topFor(options: {
  scrolled: number | undefined;
  focus: Focus;
  total: number;
  height: number;
}): number {
  const {scrolled, focus, total, height} = options;
  const last = Math.max(0, total - height);
  if (scrolled !== undefined) return Math.max(0, Math.min(last, scrolled));
  if (focus.to <= height) return 0;
  if (focus.anchor === 'start' && focus.to - focus.from > height) return Math.min(last, focus.from);
  // Its end at the end of the window: of what is long the latest shows, and of what is short what leads to it.
  return Math.min(last, focus.to - height);
}
