/** What is said of comments. */
export const COMMENTS = {
  comment: ["写评论，@ 提醒同事…", "Write a comment; @ mentions a colleague…"],
  commentEdit: ["修改评论", "Change the comment"],
  commentEdited: ["已修改", "changed"],
  commentRemove: ["删除评论", "Delete the comment"],
  commentRemoveAsk: ["删除后无法恢复，时间线中会保留删除人。", "It cannot be brought back. The timeline says who removed it."],
  commentRemovedBy: ["发表的评论已由 {name} 删除", "wrote a comment, removed by {name}"],
} as const;
