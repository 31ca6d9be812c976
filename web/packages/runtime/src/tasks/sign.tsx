import { ClearOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import { Button, Input } from "antd";
import { useRef } from "react";
import { Pad, wipe } from "../widgets/inputs/pad";

/** A signature for a decision: written by hand, or one's name typed by whoever cannot. */
export function Sign({ id, value, change }: { id: string; value: string; change: (value: string) => void }) {
  const { t } = useSpeech();
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawn = value.startsWith("data:");
  const clear = () => {
    wipe(canvas.current);
    change("");
  };
  return (
    <div className="lc-signature" role="group" aria-label={t("signature")}>
      <Pad canvas={canvas} label={t("signHere")} onMark={() => change(canvas.current!.toDataURL("image/png"))} />
      <div className="lc-signature-foot">
        <Input id={id} size="small" value={drawn ? "" : value} placeholder={t("signTyped")} aria-label={t("signTyped")} onChange={(event) => {
            wipe(canvas.current);
            change(event.target.value);
          }} />
        <Button size="small" type="text" icon={<ClearOutlined />} disabled={value === ""} onClick={clear}>
          {t("clear")}
        </Button>
      </div>
    </div>
  );
}
