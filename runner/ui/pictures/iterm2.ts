/** A PNG as an inline image of iTerm2 (OSC 1337 File), `columns` wide and as high as that makes it. */
export function encodeIterm2(png: Uint8Array, {columns}: {columns: number}): string {
  const settings = `inline=1;size=${png.length};width=${columns};height=auto;preserveAspectRatio=1`;
  return `\u001b]1337;File=${settings}:${Buffer.from(png).toString('base64')}\u0007`;
}
