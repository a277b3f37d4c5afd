/** JSON with a space after each comma and colon, as Python's `json.dumps` writes it and productpage's API answers. */
export function spacedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spacedJson).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([name, field]) => `${JSON.stringify(name)}: ${spacedJson(field)}`)
      .join(', ')}}`;
  }
  return JSON.stringify(value);
}
