import { QRCode } from "antd";

/** A code that a phone reads; `label` says what it is to who cannot see it, else what it holds. */
export default function Qr({ value, label, size = 112 }: { value: string; label?: string; size?: number }) {
  return <QRCode value={value} size={size} bordered={false} aria-label={label ?? value} />;
}
