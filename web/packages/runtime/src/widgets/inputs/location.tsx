import { AimOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import { App, Button, Input, Space } from "antd";
import { useState } from "react";
import { status, type InputProps } from "../widget";

/** From the device, or typed as latitude and longitude. */
export function LocationInput({ field, value, onChange, id, label, disabled, invalid }: InputProps) {
  const { t } = useSpeech();
  const { message } = App.useApp();
  const [asking, setAsking] = useState(false);
  const ask = () => {
    setAsking(true);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        setAsking(false);
        onChange(`${coords.latitude.toFixed(6)},${coords.longitude.toFixed(6)}`);
      },
      () => {
        setAsking(false);
        void message.error(t("noLocation"));
      },
      { enableHighAccuracy: true, timeout: 20000 },
    );
  };
  return (
    <Space.Compact className="lc-fill">
      <Input
        id={id}
        aria-label={label}
        value={(value as string | null) ?? ""}
        placeholder={t("locationExample")}
        readOnly={field.device_only === true}
        disabled={disabled}
        status={status(invalid)}
        onChange={(event) => onChange(event.target.value || null)}
      />
      <Button icon={<AimOutlined />} loading={asking} disabled={disabled || !("geolocation" in navigator)} aria-label={t("locate")} title={t("locate")} onClick={ask} />
    </Space.Compact>
  );
}
