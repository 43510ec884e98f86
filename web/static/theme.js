// The chosen theme, before anything is painted: a script of its own, since a
// module would come after the first paint.

{
  let theme = 'auto';
  try {
    theme = JSON.parse(localStorage.getItem('hub.theme') ?? '"auto"');
  } catch {
    // Storage may be forbidden; the machine's own theme holds then.
  }
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
}
