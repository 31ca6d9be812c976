import { DownloadOutlined } from "@ant-design/icons";
import { downloadFile, useSpeech } from "@lowcode/kit";
import { Button, QRCode } from "antd";
import { useRef } from "react";

/** Pixels of a side of a code that is taken along: sharp on a poster. */
const LARGE = 1200;

interface Props {
  value: string;
  label?: string;
  size?: number;
  /** By what name it may be taken along as a picture. */
  file?: string;
}

/** A code that a phone reads; `label` says what it is to who cannot see it, else what it holds. */
export default function Qr({ value, label, size = 112, file }: Props) {
  const { t } = useSpeech();
  const place = useRef<HTMLDivElement>(null);
  if (!file) return <QRCode value={value} size={size} bordered={false} aria-label={label ?? value} />;
  const take = () => place.current?.querySelector("canvas")?.toBlob((picture) => picture && downloadFile(file, picture));
  return (
    <div className="lc-qr" ref={place}>
      <QRCode value={value} size={LARGE} marginSize={4} bordered={false} bgColor="#ffffff" color="#000000" style={{ width: size, height: size, padding: 0 }} aria-label={label ?? value} />
      <Button icon={<DownloadOutlined />} onClick={take}>
        {t("qrPicture")}
      </Button>
    </div>
  );
}
