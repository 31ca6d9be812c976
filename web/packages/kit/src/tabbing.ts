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
