import {expect, it} from 'vitest';
import {unsupportedFields} from './unsupported.ts';

const object = (kind: string, spec: unknown) => ({apiVersion: 'x/v1', kind, metadata: {name: 'x'}, spec});

it('names what the sandbox does not simulate', () => {
  expect(unsupportedFields(object('EnvoyFilter', {}))).toEqual(['EnvoyFilter']);
  expect(unsupportedFields(object('VirtualService', {http: [{match: [{statPrefix: 'a'}]}]}))).toEqual([
    'spec.http[0].match[0].statPrefix',
  ]);
  const route = [{destination: {host: 'reviews'}}];
  expect(unsupportedFields(object('VirtualService', {hosts: ['reviews'], http: [{route}]}))).toEqual([]);
});
