import { ApiOutlined, ApartmentOutlined, AppstoreOutlined, BarChartOutlined, BlockOutlined, CalendarOutlined, DashboardOutlined, FormOutlined, InboxOutlined, LayoutOutlined, MailOutlined, PrinterOutlined, TableOutlined, ThunderboltOutlined } from "@ant-design/icons";
import type { Designing } from "@lowcode/designer/overview";

interface Designer extends Designing {
  /** A page that menus lead to as well: it is found by its own name. */
  page?: boolean;
}

/** The designers of an app: on the page of all of them, and where pages are found by name. */
export const DESIGNERS: readonly Designer[] = [
  { key: "forms", words: "designForms", about: "designIs_forms", icon: <FormOutlined />, place: ["forms"], group: "pages", holds: { folder: "forms" } },
  { key: "report-designs", words: "designReports", about: "designIs_reports", icon: <BarChartOutlined />, place: ["reports", "design"], group: "pages", holds: { folder: "reports", types: ["report", "dataset", "funnel"] } },
  { key: "board-designs", words: "designBoards", about: "designIs_boards", icon: <LayoutOutlined />, place: ["boards", "design"], group: "pages", holds: { folder: "reports", types: ["dashboard"] } },
  { key: "app", words: "designApp", about: "designIs_app", icon: <AppstoreOutlined />, place: ["app"], group: "pages", holds: { folder: "" } },
  { key: "parts", words: "designParts", about: "designIs_parts", icon: <BlockOutlined />, place: ["design", "parts"], group: "pages" },
  { key: "rules", words: "designRules", about: "designIs_rules", icon: <ThunderboltOutlined />, place: ["rules"], group: "automation", holds: { folder: "rules", types: ["", "rule"] } },
  { key: "flow-designs", words: "flows", about: "designIs_flows", icon: <ApartmentOutlined />, place: ["flows"], group: "automation", holds: { folder: "flows" }, page: true },
  { key: "tables", words: "designTables", about: "designIs_tables", icon: <TableOutlined />, place: ["tables"], group: "automation", holds: { folder: "rules", types: ["table"] } },
  { key: "scores", words: "designScores", about: "designIs_scores", icon: <DashboardOutlined />, place: ["scores"], group: "automation", holds: { folder: "rules", types: ["score_card"] } },
  { key: "pool-designs", words: "designPools", about: "designIs_pools", icon: <InboxOutlined />, place: ["pools", "design"], group: "automation", holds: { folder: "rules", types: ["pool"] } },
  { key: "calendars", words: "designCalendars", about: "designIs_calendars", icon: <CalendarOutlined />, place: ["app", "calendars"], group: "automation" },
  { key: "templates", words: "templates", about: "designIs_templates", icon: <PrinterOutlined />, place: ["templates"], group: "outside", holds: { folder: "printing" } },
  { key: "messages", words: "designMessages", about: "designIs_messages", icon: <MailOutlined />, place: ["messages"], group: "outside", holds: { folder: "rules", types: ["message"] } },
  { key: "connection-designs", words: "connections", about: "designIs_connections", icon: <ApiOutlined />, place: ["connections"], group: "outside", holds: { folder: "api" }, page: true },
];
