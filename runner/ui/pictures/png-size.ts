/** Width and height in pixels, which stand at a fixed place of every PNG (its IHDR chunk). */
export function pngSize(png: Uint8Array): {width: number; height: number} {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  if (png.byteLength < 24 || view.getUint32(0) !== 0x89_50_4e_47) throw new Error('This is no PNG.');
  return {width: view.getUint32(16), height: view.getUint32(20)};
}
