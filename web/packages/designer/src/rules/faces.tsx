import {
  ApiOutlined, BellOutlined, BranchesOutlined, CalendarOutlined, ClockCircleOutlined, CloudUploadOutlined, DeleteOutlined, DisconnectOutlined, EditOutlined, FileAddOutlined, FormOutlined, HourglassOutlined,
  ImportOutlined, LinkOutlined, MailOutlined, MessageOutlined, NodeIndexOutlined, PauseCircleOutlined, PlusCircleOutlined, PrinterOutlined, RiseOutlined, RollbackOutlined, SendOutlined, SmileOutlined, SoundOutlined,
  StopOutlined, SwapOutlined, TableOutlined, ThunderboltOutlined, UserAddOutlined, UserOutlined,
} from "@ant-design/icons";
import type { ComponentType } from "react";

const FACES: Record<string, ComponentType> = {
  created: PlusCircleOutlined, updated: EditOutlined, deleted: DeleteOutlined, becomes: BranchesOutlined, entered: SwapOutlined, left: SwapOutlined, scored: RiseOutlined, schedule: ClockCircleOutlined,
  date: CalendarOutlined, inactive: HourglassOutlined, button: ThunderboltOutlined, event: SoundOutlined, received: ImportOutlined,
  set: FormOutlined, create: FileAddOutlined, update: EditOutlined, delete: DeleteOutlined, link: LinkOutlined, unlink: DisconnectOutlined, decide: TableOutlined, analyse: SmileOutlined, assign: UserAddOutlined,
  return_to_pool: RollbackOutlined, claim: UserOutlined, notify: BellOutlined, mail: MailOutlined, send: MessageOutlined, print: PrinterOutlined, refuse: StopOutlined, start_flow: NodeIndexOutlined,
  signal: SoundOutlined, webhook: CloudUploadOutlined, request: ApiOutlined, wait: ClockCircleOutlined, call: SendOutlined, stop: PauseCircleOutlined,
};

/** What a trigger or an action looks like; what a plug-in adds looks like a bolt. */
export function Face({ name }: { name: string }) {
  const Found = FACES[name] ?? ThunderboltOutlined;
  return <span className="lc-ruled-face" aria-hidden="true"><Found /></span>;
}
