import { ClearOutlined } from "@ant-design/icons";
import { brief, useSpeech } from "@lowcode/kit";
import type { StoredFile } from "@lowcode/protocol";
import { App, Button } from "antd";
import { use, useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { FillingContext } from "../../form/filling";
import { useFileAddress, useUpload } from "../../offline/files";
import type { InputProps } from "../widget";
import { Pad, wipe } from "./pad";

/** Written with a finger, a pen or a mouse; kept as a picture. */
export function SignatureInput({ value, onChange, id, label, disabled }: InputProps) {
  const upload = useUpload();
  const { message } = App.useApp();
  const speech = useSpeech();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [marked, setMarked] = useState(false);
  const [busy, setBusy] = useState(false);
  const before = use(FillingContext)?.before;
  const [file] = (Array.isArray(value) ? value : value ? [value] : []) as StoredFile[];
  const picture = useFileAddress(file);
  const clear = () => {
    wipe(canvas.current);
    setMarked(false);
    if (file) onChange(null);
  };
  const keep = async (): Promise<boolean> => {
    setBusy(true);
    try {
      const picture = await new Promise<Blob | null>((done) => canvas.current!.toBlob(done, "image/png"));
      const kept = await upload(new File([picture!], "signature.png", { type: "image/png" }));
      flushSync(() => {
        onChange([kept]);
        setMarked(false);
      });
      return true;
    } catch (error) {
      void message.error(brief(error, speech));
      return false;
    } finally {
      setBusy(false);
    }
  };
  const last = useRef(keep);
  last.current = keep;
  // Who signs and saves has signed, whether they confirmed it or not.
  useEffect(() => {
    if (!marked || !before) return;
    const wait = () => last.current();
    before.add(wait);
    return () => void before.delete(wait);
  }, [marked, before]);
  return (
    <div className="lc-signature" id={id} role="group" aria-label={label ?? speech.t("signature")}>
      {file ? (
        <img src={picture} alt={speech.t("signature")} />
      ) : (
        <Pad canvas={canvas} label={speech.t("signHere")} disabled={disabled} onMark={() => setMarked(true)} />
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
