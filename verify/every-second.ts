/** Calls `tick` every second until the work has ended. */
export async function everySecond<T>(work: Promise<T>, tick: () => void): Promise<T> {
  const timer = setInterval(tick, 1000);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
