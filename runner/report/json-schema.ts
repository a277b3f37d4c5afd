import {z} from 'zod';
import {reportVersion} from './report-version.ts';
import {reportSchema} from './schema.ts';

/** The JSON Schema of the report; `report-1.schema.json` is what it was when it was published. */
export function reportJsonSchema(): object {
  const {$schema, ...rest} = z.toJSONSchema(reportSchema, {
    target: 'draft-2020-12',
    // What is not known yet may stand in a report of the same version.
    io: 'input',
  });
  return {
    $schema,
    $id: `urn:istio-workshop:report:${reportVersion}`,
    title: 'The report of a run of istio-workshop',
    ...rest,
  };
}
