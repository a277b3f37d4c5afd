/** Who loads the page where no check says otherwise. */
export const visitors: readonly string[] = ['anonymous', 'jason', 'john'];
