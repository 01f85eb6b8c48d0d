// The shop's own script. All it knows of the chat is what any site may use: window.chatplatform.

document.addEventListener("click", (event) => {
  const ask = event.target.closest("[data-ask]");
  if (ask) window.chatplatform?.ask(ask.dataset.ask);
  else if (event.target.closest("[data-chat]")) window.chatplatform?.open();
});
