import { useSpeech } from "@lowcode/kit";
import { Alert, Button, Typography } from "antd";
import { useEffect, useRef } from "react";

/** What an authenticator app reads: the picture, and the same as text for whoever cannot scan it. */
export function AuthenticatorPicture({ picture, secret }: { picture: string; secret: string }) {
  const { t } = useSpeech();
  return (
    <div className="lc-authenticator">
      <img src={picture} alt={t("factorPicture")} width={180} height={180} />
      <p className="lc-quiet">{t("factorScan")}</p>
      <Typography.Text code copyable={{ text: secret, tooltips: [t("copy"), t("copied")] }}>
        {secret.replace(/(.{4})/g, "$1 ").trim()}
      </Typography.Text>
    </div>
  );
}

/** The codes for the day the authenticator is lost; they are told this once. */
export function RecoveryCodes({ codes, done }: { codes: string[]; done: () => void }) {
  const { t } = useSpeech();
  const text = codes.join("\n");
  const title = useRef<HTMLHeadingElement>(null);
  // Whoever hears the page hears first what they have to keep.
  useEffect(() => title.current?.focus(), []);
  return (
    <div className="lc-door-form">
      <h2 ref={title} tabIndex={-1} className="lc-section-title">{t("recoveryTitle")}</h2>
      <Alert type="warning" showIcon title={t("recoveryHint")} />
      <ul className="lc-recovery" aria-label={t("recoveryTitle")}>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <Typography.Paragraph copyable={{ text, tooltips: [t("copy"), t("copied")] }}>{t("recoveryCopy")}</Typography.Paragraph>
      <Button type="primary" size="large" block onClick={done}>
        {t("recoveryKept")}
      </Button>
    </div>
  );
}
