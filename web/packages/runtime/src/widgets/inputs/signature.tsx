import { ClearOutlined } from "@ant-design/icons";
import { brief, useSpeech } from "@lowcode/kit";
import type { StoredFile } from "@lowcode/protocol";
import { App, Button } from "antd";
import { useRef, useState, type PointerEvent } from "react";
import { useFileAddress, useUpload } from "../../offline/files";
import type { InputProps } from "../widget";

const WIDTH = 480;
const HEIGHT = 160;

/** Written with a finger, a pen or a mouse; kept as a picture. */
export function SignatureInput({ value, onChange, id, label, disabled }: InputProps) {
  const upload = useUpload();
  const { message } = App.useApp();
  const speech = useSpeech();
  const canvas = useRef<HTMLCanvasElement>(null);
  const writing = useRef(false);
  const [marked, setMarked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [file] = (Array.isArray(value) ? value : value ? [value] : []) as StoredFile[];
  const picture = useFileAddress(file);
  const at = (event: PointerEvent) => {
    const box = canvas.current!.getBoundingClientRect();
    return [((event.clientX - box.left) * WIDTH) / box.width, ((event.clientY - box.top) * HEIGHT) / box.height] as const;
  };
  const begin = (event: PointerEvent) => {
    if (disabled) return;
    canvas.current!.setPointerCapture(event.pointerId);
    const pen = canvas.current!.getContext("2d")!;
    pen.lineWidth = 2.5;
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = "#1a1a1a";
    pen.beginPath();
    pen.moveTo(...at(event));
    writing.current = true;
  };
  const go = (event: PointerEvent) => {
    if (!writing.current) return;
    const pen = canvas.current!.getContext("2d")!;
    pen.lineTo(...at(event));
    pen.stroke();
    setMarked(true);
  };
  const clear = () => {
    canvas.current?.getContext("2d")?.clearRect(0, 0, WIDTH, HEIGHT);
    setMarked(false);
    if (file) onChange(null);
  };
  const keep = async () => {
    setBusy(true);
    try {
      const picture = await new Promise<Blob | null>((done) => canvas.current!.toBlob(done, "image/png"));
      onChange([await upload(new File([picture!], "signature.png", { type: "image/png" }))]);
      setMarked(false);
    } catch (error) {
      void message.error(brief(error, speech));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="lc-signature" id={id} role="group" aria-label={label ?? speech.t("signature")}>
      {file ? (
        <img src={picture} alt={speech.t("signature")} />
      ) : (
        <canvas ref={canvas} width={WIDTH} height={HEIGHT} aria-label={speech.t("signHere")} onPointerDown={begin} onPointerMove={go} onPointerUp={() => (writing.current = false)} onPointerCancel={() => (writing.current = false)} />
      )}
      <div className="lc-signature-foot">
        {!file && <span className="lc-quiet">{speech.t("signHere")}</span>}
        <Button size="small" type="text" icon={<ClearOutlined />} disabled={disabled || (!marked && !file)} onClick={clear}>
          {speech.t("clear")}
        </Button>
        {!file && (
          <Button size="small" type="primary" ghost disabled={disabled || !marked} loading={busy} onClick={() => void keep()}>
            {speech.t("confirm")}
          </Button>
        )}
      </div>
    </div>
  );
}
