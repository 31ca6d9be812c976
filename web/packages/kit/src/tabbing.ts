/** A list of several closes by Tab and nothing else happens: by itself it would drop the choice one has just made, for the option under the pointer counts as pressed. */
export function leaveListsByTab(): void {
  window.addEventListener(
    "keydown",
    (event) => {
      const within = event.key === "Tab" && event.target instanceof Element ? event.target.closest(".ant-select-multiple.ant-select-open") : null;
      if (within) event.stopPropagation();
    },
    true,
  );
}

/** A list of one that may be blank is emptied by Delete or Backspace while it is closed: its cross is for pointers, and no stop of Tab (`inputs.css`). A key that is held to take away what was typed ends there. */
export function emptyListsByDelete(): void {
  window.addEventListener(
    "keydown",
    (event) => {
      if ((event.key !== "Delete" && event.key !== "Backspace") || event.repeat || event.ctrlKey || event.altKey || event.metaKey || !(event.target instanceof HTMLInputElement) || event.target.value !== "") return;
      const cross = event.target.closest(".ant-select-single:not(.ant-select-open)")?.querySelector<HTMLElement>(":scope > .ant-select-clear");
      if (!cross) return;
      event.preventDefault();
      event.stopPropagation();
      cross.click();
    },
    true,
  );
}
