import { CameraOutlined, ScanOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import { Button, Input, Modal, Space, Upload } from "antd";
import { useEffect, useRef, useState } from "react";
import { status, type InputProps } from "../widget";
import type { Code } from "./codes";

interface Detector {
  detect: (source: HTMLVideoElement | ImageBitmap) => Promise<Code[]>;
}

/** How long the camera is left alone between two looks, in milliseconds. */
const BETWEEN = 120;

/** The sorts of codes that hold what a field takes; one that takes any takes all. UPC-A is EAN-13 with a 0 before it,
 * and readers say one for the other. */
const SORTS: Record<string, readonly string[]> = {
  qr: ["qr_code"], code128: ["code_128"], ean13: ["ean_13", "upc_a"], isbn: ["ean_13"], ean8: ["ean_8"], upc: ["upc_a", "ean_13"],
};
const DIGITS: Record<string, number> = { ean13: 13, upc: 12 };

/** What reads codes: the browser itself, or, where it cannot, as on iPhones, a library. */
const detector = async (symbology: string | undefined): Promise<Detector> => {
  const Own = (window as { BarcodeDetector?: new () => Detector }).BarcodeDetector;
  return Own ? new Own() : new (await import("./codes")).Reader(SORTS[symbology ?? ""]);
};

/** What a field takes of the codes that are seen: on a package there are several. */
function meant(codes: readonly Code[], symbology = ""): string | undefined {
  const sorts = SORTS[symbology];
  const found = codes.find((each) => !sorts || sorts.includes(each.format))?.rawValue;
  const digits = DIGITS[symbology];
  return found === undefined || digits === undefined ? found : found.padStart(digits, "0").slice(-digits);
}

/** Typed, by a scanner that types, by the camera, or from a picture that is taken of it. */
export function BarcodeInput({ field, value, onChange, id, label, disabled, invalid }: InputProps) {
  const { t } = useSpeech();
  const [scanning, setScanning] = useState(false);
  return (
    <>
      <Space.Compact className="lc-fill">
        <Input id={id} aria-label={label} value={(value as string | null) ?? ""} disabled={disabled} status={status(invalid)} autoComplete="off" onChange={(event) => onChange(event.target.value || null)} />
        <Button icon={<ScanOutlined />} disabled={disabled} aria-label={t("scan")} title={t("scan")} onClick={() => setScanning(true)} />
      </Space.Compact>
      <Modal open={scanning} title={t("scan")} footer={null} destroyOnHidden onCancel={() => setScanning(false)}>
        {scanning && (
          <Scan
            symbology={field.symbology}
            found={(text) => {
              setScanning(false);
              onChange(text);
            }}
          />
        )}
      </Modal>
    </>
  );
}

interface Scanned {
  symbology: string | undefined;
  found: (text: string) => void;
}

function Scan({ symbology, found }: Scanned) {
  const { t } = useSpeech();
  const [said, setSaid] = useState<"noCode" | null>(null);
  const read = async (file: File) => {
    const picture = await createImageBitmap(file).catch(() => null);
    const text = picture ? meant(await (await detector(symbology)).detect(picture).catch(() => []), symbology) : undefined;
    picture?.close();
    if (text !== undefined) found(text);
    else setSaid("noCode");
  };
  return (
    <div className="lc-scan">
      <Camera symbology={symbology} found={found} />
      <Upload accept="image/*" capture="environment" showUploadList={false} customRequest={({ file }) => void read(file as File)}>
        <Button icon={<CameraOutlined />}>{t("scanPicture")}</Button>
      </Upload>
      {said && <div className="lc-problem" role="alert">{t(said)}</div>}
    </div>
  );
}

function Camera({ symbology, found }: Scanned) {
  const { t } = useSpeech();
  const video = useRef<HTMLVideoElement>(null);
  const [failed, setFailed] = useState(!navigator.mediaDevices);
  const tell = useRef(found);
  tell.current = found;
  useEffect(() => {
    if (!navigator.mediaDevices) return;
    let stream: MediaStream | null = null;
    let running = true;
    const look = async (by: Detector) => {
      if (!running || !video.current) return;
      const text = meant(await by.detect(video.current).catch(() => []), symbology);
      if (!running) return;
      if (text !== undefined) tell.current(text);
      else setTimeout(() => void look(by), BETWEEN);
    };
    const begin = async () => {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      if (!running || !video.current) return stream.getTracks().forEach((track) => track.stop());
      video.current.srcObject = stream;
      await video.current.play();
      await look(await detector(symbology));
    };
    begin().catch(() => running && setFailed(true));
    return () => {
      running = false;
      stream?.getTracks().forEach((track) => track.stop());
    };
  }, [symbology]);
  if (failed) return <div className="lc-problem">{t("noCamera")}</div>;
  return <video ref={video} className="lc-camera" muted playsInline />;
}
