/** Whether something exported to these namespaces can be seen from `viewer`. */
export function exported(exportTo: readonly string[] | undefined, owner: string, viewer: string): boolean {
  const list = exportTo?.length ? exportTo : ['*'];
  return list.some(entry => entry === '*' || entry === viewer || (entry === '.' && owner === viewer));
}
