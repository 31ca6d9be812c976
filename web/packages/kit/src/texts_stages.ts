/** The words of the steps of a record, and of what its stages ask for. */
export const STAGES = {
  moveTo: ["推进到「{name}」", "Move to “{name}”"],
  moved: ["已推进到「{name}」", "Moved to “{name}”"],
  notPossible: ["暂不能推进到「{name}」", "Not yet possible: {name}"],
  stageAsks: ["本阶段要求", "What this stage asks for"],
  stageGuide: ["操作指南", "How it is done"],
  stageOptional: ["（选做）", "(optional)"],
  stageMet: ["已完成", "Done"],
  stageUnmet: ["未完成", "Still open"],
  stageFill: ["去填写", "Fill in"],
  stageDays: ["已停留 {days} 天", "{days} {days:day|days} here"],
  stageDaysOf: ["已停留 {days} 天，上限 {limit} 天", "{days} of {limit} days"],
  stageLate: ["即将超期", "Late"],
  stageOverdue: ["已超期", "Overdue"],
  currentState: ["当前阶段", "Current stage"],
  stepReady: ["可以进入「{name}」", "Ready for “{name}”"],
  stepHint: ["进入「{name}」还需要：", "Still needed for “{name}”:"],
} as const;
