import {useStdout} from 'ink';
import {useEffect, useState} from 'react';

export interface TerminalSize {
  columns: number;
  rows: number;
}

/** The window's size, also after it changed. */
export function useTerminalSize(): TerminalSize {
  const {stdout} = useStdout();
  const [size, setSize] = useState(() => sizeOf(stdout));
  useEffect(() => {
    const resized = (): void => setSize(sizeOf(stdout));
    stdout.on('resize', resized);
    resized();
    return () => void stdout.off('resize', resized);
  }, [stdout]);
  return size;
}

function sizeOf(stdout: NodeJS.WriteStream & {windowRows?: number}): TerminalSize {
  return {columns: stdout.columns || 80, rows: stdout.windowRows || stdout.rows || 24};
}
