import type { ReactElement } from 'react';
import { MoveCommentDialog } from '../board/move-comment-dialog.js';
import { MoveConfirmDialog } from '../board/move-confirm-dialog.js';
import { MoveToDialog } from '../board/move-to-dialog.js';
import { AnswerDialog } from '../board/answer-dialog.js';
import { BulkCancelDialog } from '../board/bulk-cancel-dialog.js';
import { WorkspacesDialog } from '../first-run/workspaces-dialog.js';
import { TrustDialog } from '../settings/trust-dialog.js';
import type { OpenDialog } from '../state/ui-store.js';
import { BacklogItemDialog } from './backlog-item-dialog.js';
import type { DialogOf } from './dialog-of.js';
import { DropItemDialog } from './drop-item-dialog.js';
import { KeysDialog } from './keys-dialog.js';
import { NewRequestDialog } from './new-request-dialog.js';
import { Palette } from './palette.js';
import { SettingsDialog } from './settings-dialog.js';
import { StartSprintDialog } from './start-sprint-dialog.js';
import { StopAllDialog } from './stop-all-dialog.js';
import { StopSprintDialog } from './stop-sprint-dialog.js';

/** The component of every dialog. */
export const dialogTable: { readonly [K in OpenDialog['kind']]: (props: DialogOf<K>) => ReactElement | null } = {
  palette: Palette,
  keys: KeysDialog,
  settings: SettingsDialog,
  trust: TrustDialog,
  workspaces: WorkspacesDialog,
  'new-request': NewRequestDialog,
  'backlog-item': BacklogItemDialog,
  'drop-backlog-item': DropItemDialog,
  'start-sprint': StartSprintDialog,
  'stop-sprint': StopSprintDialog,
  'stop-all': StopAllDialog,
  'move-to': MoveToDialog,
  'move-comment': MoveCommentDialog,
  'move-confirm': MoveConfirmDialog,
  answer: AnswerDialog,
  'bulk-cancel': BulkCancelDialog,
};
