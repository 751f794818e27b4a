/** `main` for `refs/heads/main`; other names stay. */
export const shortBranchName = (ref: string): string => ref.replace(/^refs\/heads\//, '');
