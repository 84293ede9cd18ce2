// Runs before Dash draws: remembers every Leaflet map that dash-leaflet makes, so that our layers can be put on it.
(function () {
  window.consoleReady = false;
  window.gwanjeMaps = [];
  if (!window.L) return; // a page without dash-leaflet
  window.L.Map.addInitHook(function () {
    window.gwanjeMaps.push(this);
    document.dispatchEvent(new CustomEvent("gwanje:map", { detail: this }));
  });
})();
