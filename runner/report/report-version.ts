/** The version of the report's form. It grows when a reader of the last one would be misled: not for a new field. */
export const reportVersion = 1;
