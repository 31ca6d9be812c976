import { AimOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import { App, Button, Input, Space } from "antd";
import { useEffect, useRef, useState } from "react";
import { written } from "../location";
import { status, type InputProps } from "../widget";

/** Further off than this, a place is said to be a rough one. */
const ROUGH = 100;
/** A better one may still come, as long as this. */
const PATIENCE = 8_000;
const WORDS = { 1: "locationDenied", 2: "locationUnknown", 3: "locationLate" } as const;

/** From the device, or typed as latitude and longitude. How exact the device was stands beside the place. */
export function LocationInput({ field, value, onChange, id, label, disabled, invalid }: InputProps) {
  const { t } = useSpeech();
  const { message } = App.useApp();
  const [asking, setAsking] = useState(false);
  const [exact, setExact] = useState<number | null>(null);
  const give = useRef(onChange);
  give.current = onChange;
  const stop = useRef<() => void>(() => undefined);
  useEffect(() => () => stop.current(), []);
  const ask = () => {
    if (!window.isSecureContext) return void message.error(t("locationInsecure"), 8);
    setAsking(true);
    let best: GeolocationCoordinates | null = null;
    let late = false;
    const end = (error?: GeolocationPositionError) => {
      navigator.geolocation.clearWatch(watch);
      clearTimeout(timer);
      setAsking(false);
      if (!best && error) void message.error(t(WORDS[error.code as 1 | 2 | 3]), 8);
    };
    const watch = navigator.geolocation.watchPosition(
      ({ coords }) => {
        if (best && best.accuracy <= coords.accuracy) return;
        best = coords;
        setExact(Math.ceil(coords.accuracy));
        give.current(written(coords));
        if (late || coords.accuracy <= ROUGH) end();
      },
      end,
      { enableHighAccuracy: true, timeout: 20_000, maximumAge: 0 },
    );
    // The first answer of a phone is often that of its network, and a better one follows.
    const timer = setTimeout(() => {
      late = true;
      if (best) end();
    }, PATIENCE);
    stop.current = () => {
      navigator.geolocation.clearWatch(watch);
      clearTimeout(timer);
      setAsking(false);
    };
  };
  return (
    <>
      <Space.Compact className="lc-fill">
        <Input
          id={id}
          aria-label={label}
          value={(value as string | null) ?? ""}
          placeholder={field.device_only ? undefined : t("locationExample")}
          readOnly={field.device_only === true}
          disabled={disabled}
          status={status(invalid)}
          onChange={(event) => {
            stop.current(); // what is typed stands
            setExact(null);
            onChange(event.target.value || null);
          }}
        />
        <Button icon={<AimOutlined />} loading={asking} disabled={disabled || !("geolocation" in navigator)} aria-label={t("locate")} title={t("locate")} onClick={ask} />
      </Space.Compact>
      <span role="status" className={exact !== null && exact > ROUGH ? "lc-location-rough" : "lc-quiet lc-hint"}>
        {asking && exact === null ? t("locating") : exact !== null && t(exact > ROUGH ? "locationRough" : "locationExact", { metres: exact })}
      </span>
    </>
  );
}
