import {useEffect, useState} from 'react';

/** The time, anew twice a second while `running`: for what shows how long it takes. */
export function useNow(running: boolean, now: () => number): number {
  const [time, setTime] = useState(now);
  useEffect(() => {
    if (!running) return undefined;
    setTime(now());
    const timer = setInterval(() => setTime(now()), 500);
    return () => clearInterval(timer);
  }, [running, now]);
  return running ? time : now();
}
