/** The channels of a remote command over WebSocket (`v4.channel.k8s.io`, `v5.channel.k8s.io`). */
export const channels = {stdin: 0, stdout: 1, stderr: 2, status: 3, resize: 4, close: 255} as const;

export type ChannelMessage =
  | {type: 'data'; channel: number; data: Buffer}
  /** Version 5: this channel ends, the others go on. */
  | {type: 'close'; channel: number};

/** Reads one WebSocket message: its first byte names the channel. An empty message means nothing. */
export function parseChannelMessage(message: Buffer): ChannelMessage | undefined {
  const [channel, closed] = message;
  if (channel === undefined) return undefined;
  if (channel === channels.close && closed !== undefined && message.length === 2) {
    return {type: 'close', channel: closed};
  }
  return {type: 'data', channel, data: message.subarray(1)};
}

export function encodeChannelMessage(channel: number, data: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([channel]), data]);
}
