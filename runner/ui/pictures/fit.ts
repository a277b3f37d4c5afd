import type {CellSize} from './terminal-answers.ts';

/** Wider than this a picture of the reviews says no more. */
const widest = 60;

/** Of a terminal that does not say it; its proportion is that of most fonts. */
const usualCell: CellSize = {width: 10, height: 20};

export interface Fit {
  columns: number;
  /** All that the picture touches. */
  rows: number;
  /** What a picture that has to end with a row is pulled to. */
  nearestRows: number;
  /** Pixels on the terminal's screen; as good as its cells are known. */
  width: number;
  height: number;
}

/** The cells of a window whose pixels are known; undefined where what was told can't be the window. */
export function cellIn(
  area: CellSize | undefined,
  window: {columns: number; rows: number},
): CellSize | undefined {
  if (!area) return undefined;
  const width = Math.floor(area.width / window.columns);
  const height = Math.floor(area.height / window.rows);
  const plausible = width >= 4 && width <= 64 && height >= width && height <= 3 * width;
  return plausible ? {width, height} : undefined;
}

/** How large a picture of `width` by `height` pixels is drawn, so that all of it is seen at once. */
export function fitPicture(options: {
  width: number;
  height: number;
  columns: number;
  rows: number;
  cell?: CellSize | undefined;
}): Fit {
  const {width, height, columns, rows, cell = usualCell} = options;
  const most = Math.min(widest, columns - 1) * cell.width;
  const scale = Math.min(most / width, (Math.max(1, rows) * cell.height) / height);
  const drawn = {
    // What is meant to be whole may fall short of it by the error of a division.
    width: Math.max(1, Math.floor(width * scale + 1e-6)),
    height: Math.max(1, Math.floor(height * scale + 1e-6)),
  };
  return {
    ...drawn,
    columns: Math.max(1, Math.round(drawn.width / cell.width)),
    rows: Math.max(1, Math.ceil(drawn.height / cell.height)),
    nearestRows: Math.max(1, Math.round(drawn.height / cell.height)),
  };
}
