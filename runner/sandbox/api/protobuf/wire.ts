/** One field as it stands on the wire: a number for varints and fixed widths, bytes for the rest. */
export interface WireField {
  number: number;
  value: bigint | Uint8Array;
}

/** Reads the fields of one protobuf message. @throws RangeError when the bytes end too early. */
export function* wireFields(bytes: Uint8Array): Iterable<WireField> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const varint = (): bigint => {
    let result = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = view.getUint8(at);
      at += 1;
      result |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, result);
    }
    throw new RangeError('a varint has more than ten bytes');
  };
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new RangeError(`${length} bytes wanted, ${bytes.length - at} left`);
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = Number(tag >> 3n);
    switch (Number(tag & 7n)) {
      case 0:
        yield {number, value: varint()};
        break;
      case 1:
        yield {number, value: view.getBigUint64(skip(take(8)), true)};
        break;
      case 2:
        yield {number, value: take(Number(varint()))};
        break;
      case 5:
        yield {number, value: BigInt(view.getUint32(skip(take(4)), true))};
        break;
      default:
        throw new RangeError(`wire type ${tag & 7n} is unknown`);
    }
  }

  function skip(taken: Uint8Array): number {
    return taken.byteOffset - bytes.byteOffset;
  }
}
