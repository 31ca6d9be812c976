import {
  ApiOutlined,
  AuditOutlined,
  BellOutlined,
  BranchesOutlined,
  CheckSquareOutlined,
  ClockCircleOutlined,
  CopyOutlined,
  DeleteOutlined,
  EditOutlined,
  ExceptionOutlined,
  FileAddOutlined,
  FormOutlined,
  GatewayOutlined,
  GroupOutlined,
  MergeCellsOutlined,
  NodeIndexOutlined,
  PlayCircleOutlined,
  PrinterOutlined,
  SoundOutlined,
  SplitCellsOutlined,
  StopOutlined,
} from "@ant-design/icons";
import type { ComponentType } from "react";

/** How each kind of step looks in a picture of a flow: the same list as Python's (tests/flows/test_faces.py). */
export const NODE_ICONS: Record<string, ComponentType> = {
  approve: AuditOutlined,
  branch: BranchesOutlined,
  copy: CopyOutlined,
  create: FileAddOutlined,
  delete: DeleteOutlined,
  end: StopOutlined,
  flow: NodeIndexOutlined,
  handler: ExceptionOutlined,
  inclusive: GatewayOutlined,
  join: MergeCellsOutlined,
  notify: BellOutlined,
  parallel: SplitCellsOutlined,
  print: PrinterOutlined,
  request: ApiOutlined,
  scope: GroupOutlined,
  set: EditOutlined,
  start: PlayCircleOutlined,
  task: CheckSquareOutlined,
  throw: SoundOutlined,
  update: FormOutlined,
  wait: ClockCircleOutlined,
};

/** The picture of a kind; one that a plug-in brought has that of a flow. */
export function NodeIcon({ kind }: { kind: string }) {
  const Icon = NODE_ICONS[kind] ?? NodeIndexOutlined;
  return <Icon aria-hidden />;
}
