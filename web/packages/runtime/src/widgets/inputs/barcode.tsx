import { ScanOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import { Button, Input, Modal, Space } from "antd";
import { useEffect, useRef, useState } from "react";
import { status, type InputProps } from "../widget";

interface Detector {
  detect: (source: HTMLVideoElement) => Promise<{ rawValue: string }[]>;
}

const scanner = (): Detector | null => {
  const Found = (window as { BarcodeDetector?: new () => Detector }).BarcodeDetector;
  return Found && navigator.mediaDevices ? new Found() : null;
};

/** Typed, or by a scanner that types, or by the camera where the browser can read codes. */
export function BarcodeInput({ value, onChange, id, label, disabled, invalid }: InputProps) {
  const { t } = useSpeech();
  const [scanning, setScanning] = useState(false);
  const [possible] = useState(() => scanner() !== null);
  return (
    <>
      <Space.Compact className="lc-fill">
        <Input id={id} aria-label={label} value={(value as string | null) ?? ""} disabled={disabled} status={status(invalid)} autoComplete="off" onChange={(event) => onChange(event.target.value || null)} />
        {possible && <Button icon={<ScanOutlined />} disabled={disabled} aria-label={t("scan")} title={t("scan")} onClick={() => setScanning(true)} />}
      </Space.Compact>
      <Modal open={scanning} title={t("scan")} footer={null} destroyOnHidden onCancel={() => setScanning(false)}>
        {scanning && (
          <Camera
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

function Camera({ found }: { found: (text: string) => void }) {
  const { t } = useSpeech();
  const video = useRef<HTMLVideoElement>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const detector = scanner();
    let stream: MediaStream | null = null;
    let running = true;
    const look = async () => {
      if (!running || !detector || !video.current) return;
      const [code] = await detector.detect(video.current).catch(() => []);
      if (code && running) return found(code.rawValue);
      requestAnimationFrame(() => void look());
    };
    navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }).then(
      (opened) => {
        stream = opened;
        if (!running || !video.current) return opened.getTracks().forEach((track) => track.stop());
        video.current.srcObject = opened;
        void video.current.play().then(look);
      },
      () => setFailed(true),
    );
    return () => {
      running = false;
      stream?.getTracks().forEach((track) => track.stop());
    };
  }, [found]);
  if (failed) return <div className="lc-problem">{t("noCamera")}</div>;
  return <video ref={video} className="lc-camera" muted playsInline />;
}
