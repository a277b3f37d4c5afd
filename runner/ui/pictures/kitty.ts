const chunkLength = 4096;

/**
 * A PNG for kitty's graphics protocol, sent in chunks of at most 4096 bytes and drawn where the cursor is; the
 * terminal scales it to `columns` and `rows`, both of which older ones want, and is told to answer nothing (q=2).
 */
export function encodeKitty(png: Uint8Array, {columns, rows}: {columns: number; rows: number}): string {
  const data = Buffer.from(png).toString('base64');
  const chunks = data.match(new RegExp(`.{1,${chunkLength}}`, 'g')) ?? [];
  return chunks
    .map((chunk, index) => {
      const more = `m=${index < chunks.length - 1 ? 1 : 0}`;
      const keys = index === 0 ? `a=T,f=100,q=2,c=${columns},r=${rows},${more}` : more;
      return `\u001b_G${keys};${chunk}\u001b\\`;
    })
    .join('');
}
