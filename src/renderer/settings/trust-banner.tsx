import { ShieldAlert } from 'lucide-react';
import type { ReactElement } from 'react';
import { openDialog } from '../app/page-actions.js';
import { enPages } from '../i18n/en-pages.js';
import { useServices, useView } from '../state/services.js';
import { Button } from '../ui/button.js';

/** That nothing can run here before a person has looked at the commands, and the way to them; nothing once they are accepted. */
export function TrustBanner({ className = '' }: { readonly className?: string }): ReactElement | null {
  const services = useServices();
  const isTrusted = useView((view) => view.facts?.isTrusted ?? true);
  if (isTrusted) return null;
  return (
    <div role="status" className={`flex items-center gap-2 rounded-card bg-you/10 px-3 py-2 text-13 text-you ${className}`}>
      <ShieldAlert size={16} aria-hidden="true" className="shrink-0" />
      <p className="min-w-0 flex-1">{enPages.trust.banner}</p>
      <Button size="small" onClick={() => openDialog(services, { kind: 'trust' })}>
        {enPages.trust.show}
      </Button>
    </div>
  );
}
