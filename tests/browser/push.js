// The browser of the tests has neither a push service nor a desktop that shows notices. What it would subscribe with is
// given; whether it was asked for its permission, and that notices were closed, is written down.
(() => {
  if (!("ServiceWorkerRegistration" in window)) return; // an empty page
  const given = GIVEN;
  const made = (key) => ({
    endpoint: given.endpoint,
    options: { applicationServerKey: Uint8Array.from(atob(key.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0)).buffer },
    toJSON: () => ({ endpoint: given.endpoint, expirationTime: null, keys: given.keys }),
    unsubscribe: async () => {
      localStorage.removeItem("subscribed");
      return true;
    },
  });
  Object.defineProperty(Notification, "permission", { get: () => localStorage.getItem("asked") ?? "default" });
  Notification.requestPermission = async () => {
    localStorage.setItem("asked", "granted");
    return "granted";
  };
  PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey }) => {
    if (!userVisibleOnly || Notification.permission !== "granted") throw new DOMException("", "NotAllowedError");
    localStorage.setItem("subscribed", applicationServerKey);
    return made(applicationServerKey);
  };
  PushManager.prototype.getSubscription = async () => {
    const key = localStorage.getItem("subscribed");
    return key === null ? null : made(key);
  };
  ServiceWorkerRegistration.prototype.getNotifications = async () => [{ close: () => localStorage.setItem("closed", "yes") }];
})();
