import { judgeReceipt } from '../../../shared/domain/receipt.js';
import type { Receipt } from '../../../shared/domain/receipt.js';
import type { BlobStore } from '../ports/journal.js';
import { canonicalJson, hashOf } from './canonical-json.js';

/** A receipt before it was judged and sealed. */
export type ReceiptDraft = Omit<Receipt, 'v' | 'badge' | 'gaps' | 'receiptHash'>;

/** The hash that a receipt must carry. */
export function receiptHashOf(receipt: Omit<Receipt, 'receiptHash'>): string {
  const { receiptHash: _, ...rest } = receipt as Receipt;
  return hashOf(rest);
}

/** Judges a draft and puts its own hash on it. */
export function sealReceipt(draft: ReceiptDraft): Receipt {
  const judged: Omit<Receipt, 'receiptHash'> = { ...draft, v: 1, ...judgeReceipt(draft) };
  return { ...judged, receiptHash: receiptHashOf(judged) };
}

/** Seals a draft and keeps the receipt as a blob; `blob` is the SHA-256 of its bytes. */
export async function storeReceipt(blobs: BlobStore, draft: ReceiptDraft): Promise<{ readonly receipt: Receipt; readonly blob: string }> {
  const receipt = sealReceipt(draft);
  return { receipt, blob: await blobs.put(canonicalJson(receipt)) };
}
