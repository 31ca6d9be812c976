// What visitors of a web site look at, sent to an intake of the app. For the site:
//   <script src="https://crm.example.com/api/visits.js" data-intake="web_visits" defer></script>
// With data-consent nothing is kept or sent before lowcode.consent() was called. Whoever asks not to be tracked is not,
// nor is a search engine, nor a page that the browser only prepares.
(function () {
  "use strict";
  var own = document.currentScript;
  var address = own.src.replace(/visits\.js.*$/, "intake/") + encodeURIComponent(own.dataset.intake);
  // CUBOT makes phones; what looks behind in an expression is not known to browsers of a few years ago
  var robot = /(?:^|[^u]|[^c]u)bot\b|crawl|spider|slurp|preview/i.test(navigator.userAgent);
  var refused = robot || navigator.doNotTrack === "1" || navigator.globalPrivacyControl === true;
  var KEY = "lowcode_visitor";
  var AGREED = "lowcode_consent";
  var PAUSE = 60000; // a server that was told too much has a minute's rest, and so have the page and its visitor
  var quiet = 0;

  function stored(name, value) {
    try {
      if (value === null) localStorage.removeItem(name);
      else if (value !== undefined) localStorage.setItem(name, value);
      return localStorage.getItem(name);
    } catch (error) {
      return null; // storage is closed to us: then there is no visitor to speak of
    }
  }

  function allowed() {
    return !refused && (own.dataset.consent === undefined || stored(AGREED) === "yes");
  }

  function visitor() {
    if (!allowed()) return null;
    var known = stored(KEY);
    if (known) return known;
    var made = Array.from(crypto.getRandomValues(new Uint8Array(16)), function (byte) {
      return byte.toString(16).padStart(2, "0");
    }).join("");
    return stored(KEY, made);
  }

  function cut(text, most) { // whole characters, as a schema counts them
    return Array.from(text).slice(0, most).join("");
  }

  function track(event) {
    var who = visitor();
    if (!who || Date.now() < quiet) return Promise.resolve(false);
    var body = { visitor: who, event: String(event) };
    body.address = cut(location.origin + location.pathname, 500);
    body.title = cut(document.title, 200);
    var sent = { method: "POST", headers: { "Content-Type": "application/json" }, credentials: "omit", keepalive: true };
    sent.body = JSON.stringify(body);
    return fetch(address, sent).then(
      function (answer) {
        if (answer.status === 429) quiet = Date.now() + PAUSE;
        return answer.ok;
      },
      function () { return false; }
    );
  }

  function name_visitor() {
    var who = visitor();
    if (!who) return;
    document.querySelectorAll("form[data-lowcode-visitor]").forEach(function (form) {
      var input = form.querySelector("input[name=visitor]") || form.appendChild(document.createElement("input"));
      input.type = "hidden";
      input.name = "visitor";
      input.value = who;
    });
  }

  function begin() {
    name_visitor();
    track(own.dataset.event || "view");
  }

  var shown = location.pathname;

  function moved() { // a site of one page goes on to another address without loading it
    setTimeout(function () { // by then the page has its title
      if (location.pathname === shown) return;
      shown = location.pathname;
      name_visitor();
      track("view");
    }, 0);
  }

  ["pushState", "replaceState"].forEach(function (name) {
    var go = history[name];
    history[name] = function () {
      var gone = go.apply(history, arguments);
      moved();
      return gone;
    };
  });
  window.addEventListener("popstate", moved);

  document.addEventListener("click", function (click) {
    var named = click.target.closest && click.target.closest("[data-lowcode-event]");
    if (named) track(named.dataset.lowcodeEvent);
  });
  window.lowcode = {
    track: track,
    visitor: visitor,
    consent: function () { stored(AGREED, "yes"); begin(); },
    forget: function () { stored(AGREED, null); stored(KEY, null); }
  };
  if (document.prerendering) document.addEventListener("prerenderingchange", begin, { once: true });
  else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
