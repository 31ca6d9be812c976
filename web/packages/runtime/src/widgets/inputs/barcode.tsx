import { CameraOutlined, ScanOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import { Button, Input, Modal, Space, Upload } from "antd";
import { useEffect, useRef, useState } from "react";
import { status, type InputProps } from "../widget";

interface Detector {
  detect: (source: HTMLVideoElement | ImageBitmap) => Promise<{ rawValue: string }[]>;
}

/** How long the camera is left alone between two looks, in milliseconds. */
const BETWEEN = 120;

const own = (): (new () => Detector) | undefined => (window as { BarcodeDetector?: new () => Detector }).BarcodeDetector;

/** What reads codes: the browser itself, or, where it cannot, as on iPhones, a library that reads QR codes. */
const detector = async (): Promise<Detector> => {
  const Own = own();
  return Own ? new Own() : new (await import("qr/decode.js")).BarcodeDetector();
};

/** Typed, by a scanner that types, by the camera, or from a picture that is taken of it. */
export function BarcodeInput({ value, onChange, id, label, disabled, invalid }: InputProps) {
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

function Scan({ found }: { found: (text: string) => void }) {
  const { t } = useSpeech();
  const [said, setSaid] = useState<"noCode" | null>(null);
  const read = async (file: File) => {
    const picture = await createImageBitmap(file).catch(() => null);
    const [code] = picture ? await (await detector()).detect(picture).catch(() => []) : [];
    picture?.close();
    if (code) found(code.rawValue);
    else setSaid("noCode");
  };
  return (
    <div className="lc-scan">
      <Camera found={found} />
      {!own() && <p className="lc-quiet lc-hint">{t("scanQrOnly")}</p>}
      <Upload accept="image/*" capture="environment" showUploadList={false} customRequest={({ file }) => void read(file as File)}>
        <Button icon={<CameraOutlined />}>{t("scanPicture")}</Button>
      </Upload>
      {said && <div className="lc-problem" role="alert">{t(said)}</div>}
    </div>
  );
}

function Camera({ found }: { found: (text: string) => void }) {
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
      const [code] = await by.detect(video.current).catch(() => []);
      if (!running) return;
      if (code) tell.current(code.rawValue);
      else setTimeout(() => void look(by), BETWEEN);
    };
    const begin = async () => {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      if (!running || !video.current) return stream.getTracks().forEach((track) => track.stop());
      video.current.srcObject = stream;
      await video.current.play();
      await look(await detector());
    };
    begin().catch(() => running && setFailed(true));
    return () => {
      running = false;
      stream?.getTracks().forEach((track) => track.stop());
    };
  }, []);
  if (failed) return <div className="lc-problem">{t("noCamera")}</div>;
  return <video ref={video} className="lc-camera" muted playsInline />;
}
