/** The words of rows that two people changed. */
export const ROWS = {
  conflictSave: ["按所选保存", "Save as chosen"],
  conflictRowsHint: ["{name}：双方改动的行已合并，仅需对有冲突的行做选择。", "{name}: what both of you did to different rows is kept. Choose where it collides."],
  conflictRowMine: ["用我的", "Mine"],
  conflictRowTheirs: ["用对方的", "Theirs"],
  conflictRowChoose: ["{name}：保留哪一方", "{name}: which side to keep"],
  conflictRow_collided: ["双方都改了", "both changed it"],
  conflictRow_changed: ["已合并", "merged"],
  conflictRow_added: ["新增，保留", "added, kept"],
  conflictRow_gone: ["您改了，对方已删除", "you changed it, they removed it"],
  conflictRow_removed: ["您已删除，对方改了", "you removed it, they changed it"],
  conflictRow_order: ["双方都调整了顺序", "both put the rows in another order"],
  conflictRowRemoved: ["已删除", "removed"],
  conflictRowOrder: ["行的顺序", "Order of the rows"],
} as const;
