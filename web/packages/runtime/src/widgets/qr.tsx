import { QRCode } from "antd";

/** A code that a phone reads. */
export default function Qr({ value, label, size = 112 }: { value: string; label?: string; size?: number }) {
  return (
    <span role={label ? "img" : undefined} aria-label={label}>
      <QRCode value={value} size={size} bordered={false} />
    </span>
  );
}
