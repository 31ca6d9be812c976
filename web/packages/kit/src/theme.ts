import { theme, type ThemeConfig } from "antd";

export const FONT =
  '-apple-system, BlinkMacSystemFont, "Segoe UI", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", sans-serif';

/** The colours of `tokens.css` that the components work with further, and so must know as numbers. */
const DAY = {
  primary: "#1d4fd7", strong: "#1640b0", text: "#1c2230", quiet: "#59616f", faint: "#6d7583", line: "#e3e6eb", border: "#d5d9e0",
  ground: "#f4f5f7", paper: "#ffffff", high: "#ffffff", soft: "#f8f9fb", hover: "#f5f8ff", chosen: "#e8eefc", good: "#12754a", bad: "#c0271d", warn: "#b26a00", goodPale: "#e7f4ed", badPale: "#fde8e6", warnPale: "#fff1dc", infoPale: "#e8eefc",
  on: "#ffffff", tip: "rgba(0, 0, 0, 0.85)",
};
const NIGHT: typeof DAY = {
  primary: "#8aaeff", strong: "#a9c4ff", text: "#e6e9ef", quiet: "#a6afbf", faint: "#949eb0", line: "#313846", border: "#475166",
  ground: "#12151b", paper: "#1b1f28", high: "#232834", soft: "#222732", hover: "#232a38", chosen: "#23304f", good: "#5fcf9a", bad: "#ff8f85", warn: "#f0b45c", goodPale: "#17372a", badPale: "#472221", warnPale: "#3d2e14", infoPale: "#23304f",
  on: "#0d1526", tip: "#dfe4ec",
};

/** Whether somebody asked for less motion: then nothing slides, draws itself or ripples under a press. */
export const still = (): boolean => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Dense and calm; every text colour at least 4.5 : 1 on paper and on the ground, by day and by night. */
export function themeOf(dark: boolean): ThemeConfig {
  const look = dark ? NIGHT : DAY;
  return {
    // The rules of the components are read from a file; only what this theme changes stands in variables (decision 0146).
    hashed: false,
    zeroRuntime: true,
    algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      fontFamily: "var(--font)", // per language; a chart measures its words and needs the names
      colorPrimary: look.primary,
      colorPrimaryHover: look.strong,
      colorPrimaryActive: look.strong,
      colorPrimaryText: look.primary,
      colorPrimaryBg: look.chosen,
      colorLinkHover: look.strong,
      colorInfo: look.primary,
      colorLink: look.primary,
      colorSuccess: look.good,
      colorError: look.bad,
      colorWarning: look.warn,
      colorSuccessBg: look.goodPale,
      colorErrorBg: look.badPale,
      colorWarningBg: look.warnPale,
      colorInfoBg: look.infoPale,
      colorTextBase: look.text,
      colorText: look.text,
      colorTextSecondary: look.quiet,
      colorTextTertiary: look.quiet,
      colorTextDescription: look.quiet,
      colorTextPlaceholder: look.faint,
      colorTextDisabled: look.faint,
      colorTextLightSolid: look.on,
      colorBgSpotlight: look.tip,
      colorBorder: look.border,
      colorBorderSecondary: look.line,
      colorBgBase: look.paper,
      colorBgContainer: look.paper,
      colorBgElevated: look.high,
      colorBgLayout: look.ground,
      borderRadius: 6,
      wireframe: false,
      motion: !still(),
    },
    components: {
      Table: { headerBg: look.soft, headerColor: look.quiet, headerSplitColor: "transparent", cellPaddingBlockMD: 9, cellPaddingInlineMD: 12, rowHoverBg: look.hover },
      Menu: { itemBorderRadius: 6, itemHeight: 34, itemMarginInline: 8, groupTitleLineHeight: 1.2, itemSelectedBg: look.chosen, itemSelectedColor: look.primary, groupTitleColor: look.quiet, groupTitleFontSize: 12 },
      Form: { labelColor: look.quiet, itemMarginBottom: 16, verticalLabelPadding: "0 0 4px" },
      Drawer: { paddingLG: 20 },
      Segmented: { itemColor: look.quiet },
    },
  };
}
