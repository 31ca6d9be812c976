import { AlertOutlined, ClockCircleOutlined, FilterOutlined, MailOutlined, NotificationOutlined, RiseOutlined, RollbackOutlined } from "@ant-design/icons";
import type { TextKey } from "@lowcode/kit";
import type { ComponentType } from "react";

/** How what is caught at a step looks, and what it is called. */
export const EVENT_FACES: Record<string, { icon: ComponentType; words: TextKey }> = {
  after: { icon: ClockCircleOutlined, words: "flowEventAfter" },
  message: { icon: MailOutlined, words: "flowEventMessage" },
  when: { icon: FilterOutlined, words: "flowEventWhen" },
  signal: { icon: NotificationOutlined, words: "flowEventSignal" },
  error: { icon: AlertOutlined, words: "flowEventError" },
  escalation: { icon: RiseOutlined, words: "flowEventEscalation" },
  undo: { icon: RollbackOutlined, words: "flowEventUndo" },
};
