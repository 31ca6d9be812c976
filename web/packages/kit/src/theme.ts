import type { ThemeConfig } from "antd";

export const FONT =
  '-apple-system, BlinkMacSystemFont, "Segoe UI", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", sans-serif';

export const COLORS = {
  primary: "#1d4fd7",
  text: "#1c2230",
  quiet: "#59616f",
  line: "#e3e6eb",
  ground: "#f4f5f7",
  good: "#12754a",
  bad: "#c0271d",
  warn: "#a15c00",
};

/** Dense and calm; every text colour at least 4.5 : 1 on white and on the ground. */
export const THEME: ThemeConfig = {
  token: {
    fontFamily: FONT,
    colorPrimary: COLORS.primary,
    colorPrimaryHover: "#1640b0",
    colorLinkHover: "#1640b0",
    colorInfo: COLORS.primary,
    colorLink: COLORS.primary,
    colorSuccess: COLORS.good,
    colorError: COLORS.bad,
    colorWarning: "#b26a00",
    colorTextBase: COLORS.text,
    colorText: COLORS.text,
    colorTextSecondary: COLORS.quiet,
    colorTextTertiary: COLORS.quiet,
    colorTextDescription: COLORS.quiet,
    colorTextPlaceholder: "#6d7583",
    colorTextDisabled: "#6d7583",
    colorBorder: "#d5d9e0",
    colorBorderSecondary: COLORS.line,
    colorBgLayout: COLORS.ground,
    borderRadius: 6,
    wireframe: false,
    motion: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
  },
  components: {
    Table: { headerBg: "#f8f9fb", headerColor: COLORS.quiet, headerSplitColor: "transparent", cellPaddingBlockMD: 9, cellPaddingInlineMD: 12, rowHoverBg: "#f5f8ff" },
    Menu: { itemBorderRadius: 6, itemHeight: 34, itemMarginInline: 8, groupTitleLineHeight: 1.2, itemSelectedBg: "#e8eefc", itemSelectedColor: COLORS.primary, groupTitleColor: COLORS.quiet, groupTitleFontSize: 12 },
    Form: { labelColor: COLORS.quiet, itemMarginBottom: 16, verticalLabelPadding: "0 0 4px" },
    Drawer: { paddingLG: 20 },
    Tabs: { horizontalMargin: "0 0 12px 0", itemHoverColor: COLORS.primary },
    Segmented: { itemColor: COLORS.quiet },
  },
};
