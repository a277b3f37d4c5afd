import {WorkshopError} from '../errors.ts';
import {redactData, redactText} from '../redact.ts';

/** An error whose words hold no secret: tools put whole requests into theirs. Its stack and cause stay its own. */
export function redactError(error: WorkshopError): WorkshopError {
  const {code, exitCode, detail, cause, stack} = error;
  const shown = new WorkshopError({
    code,
    message: redactText(error.message),
    remedies: redactData(error.remedies),
    exitCode,
    ...(detail === undefined ? {} : {detail: redactText(detail)}),
    ...(cause === undefined ? {} : {cause}),
  });
  if (stack !== undefined) shown.stack = redactText(stack);
  return shown;
}
