import type { ReactElement } from 'react';
import { PageHeader } from '../app/page-header.js';
import { en } from '../i18n/en.js';

export function InsightsPage(): ReactElement {
  return <PageHeader title={en.pages.insights} />;
}
