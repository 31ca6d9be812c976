// In the worker of the page: what its desktop would show, one notice for each tag.
() => {
  self.shown = [];
  const without = (tag) => self.shown.filter((each) => each.tag !== tag);
  ServiceWorkerRegistration.prototype.showNotification = async (title, options) => {
    self.shown = [...without(options.tag), { title, ...options, close: () => (self.shown = without(options.tag)) }];
  };
}
