import { AppstoreOutlined, CalendarOutlined, DashboardOutlined, FormOutlined, InboxOutlined, MailOutlined, PrinterOutlined, TableOutlined, ThunderboltOutlined } from "@ant-design/icons";
import type { TextKey } from "@lowcode/kit";
import type { ReactNode } from "react";

interface Designer {
  key: string;
  words: TextKey;
  icon: ReactNode;
  place: string[];
  /** Reached from the desk of another: found by its name, and in no menu. */
  within?: string;
}

/** The designers an administrator goes to from anywhere: in the menu of their name, and where pages are found by name. */
export const DESIGNERS: readonly Designer[] = [
  { key: "app", words: "designApp", icon: <AppstoreOutlined />, place: ["app"] },
  { key: "calendars", words: "designCalendars", icon: <CalendarOutlined />, place: ["app", "calendars"], within: "app" },
  { key: "forms", words: "designForms", icon: <FormOutlined />, place: ["forms"] },
  { key: "rules", words: "designRules", icon: <ThunderboltOutlined />, place: ["rules"] },
  { key: "tables", words: "designTables", icon: <TableOutlined />, place: ["tables"] },
  { key: "scores", words: "designScores", icon: <DashboardOutlined />, place: ["scores"] },
  { key: "pool-designs", words: "designPools", icon: <InboxOutlined />, place: ["pools", "design"] },
  { key: "messages", words: "designMessages", icon: <MailOutlined />, place: ["messages"] },
  { key: "templates", words: "templates", icon: <PrinterOutlined />, place: ["templates"] },
];
