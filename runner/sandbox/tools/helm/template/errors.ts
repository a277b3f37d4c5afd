/** A template that can't be read or carried out; `message` is in the words of Go's text/template. */
export class TemplateError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TemplateError';
  }
}
