import type { ReactElement } from 'react';
import { PageHeader } from '../app/page-header.js';
import { en } from '../i18n/en.js';

export function RosterPage(): ReactElement {
  return <PageHeader title={en.pages.roster} />;
}
