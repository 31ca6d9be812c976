import { useSpeech } from "@lowcode/kit";
import { useMemo } from "react";
import { Pick } from "../connections/mapping";
import { optionWords, useDesign } from "../design";
import { at, isNode, put, type Path } from "../tree";

/** Whose public holidays count. */
export function Where({ path, countries }: { path: Path; countries: Record<string, string[]> }) {
  const { document, palette, change } = useDesign();
  const { t, w, locale } = useSpeech();
  const word = (name: string) => w(optionWords(palette, name));
  const names = useMemo(() => new Intl.DisplayNames([locale], { type: "region" }), [locale]);
  const found = at(document, path);
  const country = isNode(found) ? String(found["country"] ?? "") : "";
  const regions = countries[country] ?? [];
  const options = Object.keys(countries).map((value) => ({ value, label: `${called(names, value)} ${value}` }));
  const turn = (next: string | undefined) => change(path, put(put(isNode(found) ? found : {}, ["country"], next), ["region"], undefined));
  return (
    <>
      <Pick path={[...path, "country"]} label={word("country")} options={options} usual={t("calendarNoCountry")} whole={turn} />
      {regions.length > 0 && <Pick path={[...path, "region"]} label={word("region")} options={regions.map((value) => ({ value, label: value }))} usual={t("calendarWholeCountry")} />}
    </>
  );
}

const called = (names: Intl.DisplayNames, country: string): string => {
  try {
    return names.of(country) ?? country;
  } catch {
    return country; // a code that is no country of its own
  }
};
