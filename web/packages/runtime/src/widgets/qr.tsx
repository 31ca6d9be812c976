import { QRCode } from "antd";

/** A code that a phone reads. */
export default function Qr({ value }: { value: string }) {
  return <QRCode value={value} size={112} bordered={false} />;
}
