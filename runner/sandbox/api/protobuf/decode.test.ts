import {describe, expect, it} from 'vitest';
import {decodeProtobuf} from './envelope.ts';

/** A tiny encoder: a number becomes a varint, text and bytes and nested fields become length-delimited. */
type Value = number | string | Uint8Array | Fields;
type Fields = readonly (readonly [number: number, value: Value])[];

function encode(fields: Fields): Buffer {
  return Buffer.concat(
    fields.map(([number, value]) => {
      if (typeof value === 'number') return Buffer.concat([varint(number << 3), varint(value)]);
      const bytes = Array.isArray(value) ? encode(value) : Buffer.from(value as string);
      return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
    }),
  );
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

function body(apiVersion: string, kind: string, fields: Fields): Buffer {
  const typeMeta: Fields = [
    [1, apiVersion],
    [2, kind],
  ];
  return Buffer.concat([
    Buffer.from('k8s\0'),
    encode([
      [1, typeMeta],
      [2, encode(fields)],
    ]),
  ]);
}

describe('protobuf bodies', () => {
  it('become the JSON form: maps, bytes, times, and no zeros that mean nothing', () => {
    const secret = body('v1', 'Secret', [
      [
        1,
        [
          [1, 's'],
          [3, ''],
          [7, 0],
          [
            8,
            [
              [1, 1_700_000_000],
              [2, 0],
            ],
          ],
          [
            11,
            [
              [1, 'k'],
              [2, 'v'],
            ],
          ],
        ],
      ],
      [
        2,
        [
          [1, 'key'],
          [2, Buffer.from([0, 255])],
        ],
      ],
      [3, 'Opaque'],
    ]);
    expect(decodeProtobuf(secret)).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {name: 's', creationTimestamp: '2023-11-14T22:13:20Z', labels: {k: 'v'}},
      data: {key: 'AP8='},
      type: 'Opaque',
    });
  });

  it('keep an explicit zero of a pointer', () => {
    const deployment = body('apps/v1', 'Deployment', [
      [1, [[1, 'd']]],
      [2, [[1, 0]]],
    ]);
    expect(decodeProtobuf(deployment).spec).toEqual({replicas: 0});
  });

  it('flatten what Go embeds, and read ports that are numbers or names', () => {
    const volume: Fields = [
      [1, 'v'],
      [2, [[2, []]]],
    ];
    const probe: Fields = [
      [
        1,
        [
          [
            2,
            [
              [1, '/'],
              [
                2,
                [
                  [1, 1],
                  [2, 0],
                  [3, 'http'],
                ],
              ],
            ],
          ],
        ],
      ],
      [3, 5],
    ];
    const container: Fields = [
      [1, 'c'],
      [11, probe],
    ];
    const pod = body('v1', 'Pod', [
      [
        2,
        [
          [1, volume],
          [2, container],
        ],
      ],
    ]);
    expect(decodeProtobuf(pod).spec).toEqual({
      volumes: [{name: 'v', emptyDir: {}}],
      containers: [{name: 'c', readinessProbe: {httpGet: {path: '/', port: 'http'}, timeoutSeconds: 5}}],
    });
  });

  it('that are cut off or none at all are refused as such', () => {
    const whole = body('v1', 'Secret', [[3, 'Opaque']]);
    expect(() => decodeProtobuf(whole.subarray(0, whole.length - 3))).toThrow('cut off');
    expect(() => decodeProtobuf(Buffer.from('{}'))).toThrow('expected prefix');
    expect(() => decodeProtobuf(body('v1', 'Nothing', []))).toThrow('Nothing');
  });
});
