// The page is there before its modules are: what is clicked meanwhile waits for them. Not a module, so it runs first.

{
  let waiting = null;
  const keep = (event) => {
    const button = event.target.closest("[data-do], [data-dialog], [data-copilot], #send");
    if (!button) return;
    event.preventDefault();
    waiting = button;
  };
  addEventListener("click", keep);

  /** Called once everything listens: the last button clicked so far is clicked now. */
  globalThis.endEarly = () => {
    removeEventListener("click", keep);
    waiting?.click();
  };
}
